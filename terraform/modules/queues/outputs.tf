output "queues" {
  description = "Names of the queues."
  value       = [for q in google_cloud_tasks_queue.market : q.name]
}
