output "subscriptions" {
  description = "Names of the push subscriptions."
  value       = [for s in google_pubsub_subscription.push : s.name]
}

output "dead_letters" {
  description = "Subscription that holds what could not be delivered."
  value       = google_pubsub_subscription.dead_letters.name
}
