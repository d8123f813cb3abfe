output "key" {
  description = "The key's full name, as Cloud KMS takes it."
  value       = "projects/${var.project_id}/locations/${var.region}/keyRings/vault/cryptoKeys/personal-data"
  depends_on  = [google_kms_crypto_key.personal_data]
}
