# Who calls the internal functions: the tokens of Pub/Sub, Cloud Tasks and Cloud Scheduler.
resource "google_service_account" "caller" {
  for_each = {
    push     = "Pub/Sub, when it pushes messages"
    tasks    = "Cloud Tasks, when it runs a task"
    schedule = "Cloud Scheduler, when a minute begins"
  }
  project      = var.project_id
  account_id   = "call-${each.key}"
  display_name = each.value
}
