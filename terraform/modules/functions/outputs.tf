output "names" {
  description = "Names of the services."
  value       = { for name, service in google_cloud_run_v2_service.function : name => service.name }
}
