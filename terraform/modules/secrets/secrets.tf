resource "google_secret_manager_secret" "market" {
  for_each            = var.secrets
  project             = var.project_id
  secret_id           = each.key
  deletion_protection = true

  # A version that was destroyed by mistake can be brought back for a day.
  version_destroy_ttl = "86400s"

  replication {
    auto {}
  }
}
