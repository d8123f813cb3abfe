resource "google_pubsub_subscription" "push" {
  for_each                   = var.subscriptions
  project                    = var.project_id
  name                       = each.key
  topic                      = google_pubsub_topic.market[each.value.topic].id
  enable_message_ordering    = true
  ack_deadline_seconds       = var.ack_deadline_s
  message_retention_duration = "604800s"
  filter                     = each.value.types == null ? null : join(" OR ", [for t in each.value.types : "attributes.type = \"${t}\""])

  push_config {
    push_endpoint = "${each.value.url}${each.value.path}"

    oidc_token {
      service_account_email = var.caller
      audience              = each.value.url
    }
  }

  retry_policy {
    minimum_backoff = "1s"
    maximum_backoff = "600s"
  }

  dead_letter_policy {
    dead_letter_topic     = google_pubsub_topic.dead_letters.id
    max_delivery_attempts = var.attempts
  }

  # never, or a quiet fortnight would delete it
  expiration_policy {
    ttl = ""
  }
}
