output "repository" {
  description = "Where images are pushed."
  value       = "${var.region}-docker.pkg.dev/${var.project_id}/${google_artifact_registry_repository.images.repository_id}"
}

output "builder" {
  description = "E-mail of the delivery pipeline's account."
  value       = google_service_account.builder.email
}
