locals {
  invocations = {
    for call in flatten([for name, callers in var.callers : [for caller, email in callers : { service = name, caller = caller, email = email }]]) :
    "${call.service} ${call.caller}" => call
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
