# The account of the delivery pipeline: it builds, attests, migrates and moves traffic, and reads no data.
resource "google_service_account" "builder" {
  project      = var.project_id
  account_id   = "delivery"
  display_name = "Cloud Build, when it delivers"
}

locals {
  builder_roles = toset([
    "roles/run.developer",
    "roles/logging.logWriter",
    "roles/binaryauthorization.attestorsViewer",
    "roles/containeranalysis.occurrences.editor",
    "roles/containeranalysis.notes.occurrences.viewer",
    "roles/containeranalysis.notes.attacher",
    "roles/monitoring.viewer",
    "roles/ondemandscanning.admin",
  ])
}

resource "google_project_iam_member" "builder" {
  for_each = local.builder_roles
  project  = var.project_id
  role     = each.key
  member   = google_service_account.builder.member
}

resource "google_artifact_registry_repository_iam_member" "builder" {
  project    = var.project_id
  location   = var.region
  repository = google_artifact_registry_repository.images.name
  role       = "roles/artifactregistry.writer"
  member     = google_service_account.builder.member
}

resource "google_kms_crypto_key_iam_member" "builder" {
  crypto_key_id = google_kms_crypto_key.attestor.id
  role          = "roles/cloudkms.signerVerifier"
  member        = google_service_account.builder.member
}
