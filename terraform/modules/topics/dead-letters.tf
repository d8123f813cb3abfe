resource "google_pubsub_topic" "dead_letters" {
  project = var.project_id
  name    = "dead_letters"
}

# Kept for an operator to read and replay; nobody is pushed these.
resource "google_pubsub_subscription" "dead_letters" {
  project                    = var.project_id
  name                       = "dead_letters"
  topic                      = google_pubsub_topic.dead_letters.id
  message_retention_duration = "2678400s"
  ack_deadline_seconds       = 600

  expiration_policy {
    ttl = ""
  }
}
