# The key that encrypts the keys of personal data. It never leaves Cloud KMS; what it wrapped is in the database.
resource "google_kms_key_ring" "vault" {
  project  = var.project_id
  name     = "vault"
  location = var.region
}

# A new version wraps from its day on; the old ones go on unwrapping.
resource "google_kms_crypto_key" "personal_data" {
  name                       = "personal-data"
  key_ring                   = google_kms_key_ring.vault.id
  purpose                    = "ENCRYPT_DECRYPT"
  rotation_period            = "7776000s"
  destroy_scheduled_duration = "2592000s"

  version_template {
    algorithm        = "GOOGLE_SYMMETRIC_ENCRYPTION"
    protection_level = var.protection_level
  }

  lifecycle {
    prevent_destroy = true
  }
}
