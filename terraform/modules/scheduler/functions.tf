# Not retried within the minute: the next call does what this one left.
resource "google_cloud_scheduler_job" "function" {
  for_each         = var.schedules
  project          = var.project_id
  region           = var.region
  name             = replace(each.key, "_", "-")
  schedule         = each.value.cron
  time_zone        = "Etc/UTC"
  attempt_deadline = "${var.deadline_s}s"

  retry_config {
    retry_count = 0
  }

  http_target {
    http_method = "POST"
    uri         = "${each.value.url}${each.value.path}"
    body        = base64encode("{}")
    headers     = { "Content-Type" = "application/json" }

    oidc_token {
      service_account_email = var.caller
      audience              = each.value.url
    }
  }
}
