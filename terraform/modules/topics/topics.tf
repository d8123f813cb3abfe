resource "google_pubsub_topic" "market" {
  for_each                   = var.topics
  project                    = var.project_id
  name                       = each.key
  message_retention_duration = "604800s"
}
