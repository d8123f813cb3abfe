resource "google_cloud_tasks_queue" "market" {
  for_each = var.queues
  project  = var.project_id
  location = var.region
  name     = each.key

  rate_limits {
    max_dispatches_per_second = each.value.rate_per_s
    max_concurrent_dispatches = each.value.concurrent
  }

  retry_config {
    max_attempts  = each.value.attempts
    min_backoff   = "0.5s"
    max_backoff   = "10s"
    max_doublings = 4
  }

  # Only what failed is logged: a market makes twenty tasks a minute for each region.
  stackdriver_logging_config {
    sampling_ratio = 0.01
  }
}
