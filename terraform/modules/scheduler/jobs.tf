resource "google_cloud_scheduler_job" "job" {
  for_each         = var.job_schedules
  project          = var.project_id
  region           = var.region
  name             = "job-${replace(each.key, "_", "-")}"
  schedule         = each.value
  time_zone        = "Etc/UTC"
  attempt_deadline = "30s"

  retry_config {
    retry_count = 2
  }

  http_target {
    http_method = "POST"
    uri         = "https://run.googleapis.com/v2/projects/${var.project_id}/locations/${var.region}/jobs/${replace(each.key, "_", "-")}:run"

    oauth_token {
      service_account_email = var.caller
    }
  }
}
