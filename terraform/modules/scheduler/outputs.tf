output "names" {
  description = "Names of all schedules."
  value       = concat([for s in google_cloud_scheduler_job.function : s.name], [for s in google_cloud_scheduler_job.job : s.name])
}
