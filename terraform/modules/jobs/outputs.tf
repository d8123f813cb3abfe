output "names" {
  description = "Names of the jobs."
  value       = [for job in google_cloud_run_v2_job.job : job.name]
}
