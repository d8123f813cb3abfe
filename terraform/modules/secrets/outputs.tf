output "secrets" {
  description = "Each secret's resource id by its name."
  value       = { for name, secret in google_secret_manager_secret.market : name => secret.secret_id }
}
