resource "google_cloud_run_v2_job_iam_member" "clock" {
  for_each = toset([for name in var.scheduled : replace(name, "_", "-")])
  project  = var.project_id
  location = var.region
  name     = google_cloud_run_v2_job.job[each.key].name
  role     = "roles/run.invoker"
  member   = "serviceAccount:${var.schedule_caller}"
}
