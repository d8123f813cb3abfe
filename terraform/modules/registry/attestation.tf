# The pipeline signs the digest of an image that was tested and scanned; Cloud Run starts no other.
resource "google_kms_key_ring" "delivery" {
  project  = var.project_id
  name     = "delivery"
  location = var.region
}

resource "google_kms_crypto_key" "attestor" {
  name     = "attestor"
  key_ring = google_kms_key_ring.delivery.id
  purpose  = "ASYMMETRIC_SIGN"

  version_template {
    algorithm        = "EC_SIGN_P256_SHA256"
    protection_level = "SOFTWARE"
  }

  lifecycle {
    prevent_destroy = true
  }
}

data "google_kms_crypto_key_version" "attestor" {
  crypto_key = google_kms_crypto_key.attestor.id
}

resource "google_container_analysis_note" "tested" {
  project = var.project_id
  name    = "tested"

  attestation_authority {
    hint {
      human_readable_name = "Tested and scanned by the delivery pipeline"
    }
  }
}

resource "google_binary_authorization_attestor" "tested" {
  project = var.project_id
  name    = "tested"

  attestation_authority_note {
    note_reference = google_container_analysis_note.tested.name

    public_keys {
      id = data.google_kms_crypto_key_version.attestor.id

      pkix_public_key {
        public_key_pem      = data.google_kms_crypto_key_version.attestor.public_key[0].pem
        signature_algorithm = data.google_kms_crypto_key_version.attestor.public_key[0].algorithm
      }
    }
  }
}

resource "google_binary_authorization_policy" "market" {
  project                       = var.project_id
  global_policy_evaluation_mode = "ENABLE"

  default_admission_rule {
    evaluation_mode         = "REQUIRE_ATTESTATION"
    enforcement_mode        = var.attestation_required ? "ENFORCED_BLOCK_AND_AUDIT_LOG" : "DRYRUN_AUDIT_LOG_ONLY"
    require_attestations_by = [google_binary_authorization_attestor.tested.name]
  }
}
