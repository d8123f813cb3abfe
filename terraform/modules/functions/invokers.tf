locals {
  invocations = {
    for pair in flatten([for name, emails in var.callers : [for email in emails : { service = name, email = email }]]) :
    "${pair.service} ${pair.email}" => pair
  }
}

resource "google_cloud_run_v2_service_iam_member" "caller" {
  for_each = local.invocations
  project  = var.project_id
  location = var.region
  name     = google_cloud_run_v2_service.function[each.value.service].name
  role     = "roles/run.invoker"
  member   = "serviceAccount:${each.value.email}"
}
