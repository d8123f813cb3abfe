resource "google_firestore_index" "live" {
  for_each   = var.indexes
  project    = var.project_id
  database   = google_firestore_database.live.name
  collection = each.value.collection

  dynamic "fields" {
    for_each = each.value.fields
    content {
      field_path = fields.value.path
      order      = fields.value.order
    }
  }
}

resource "google_firestore_field" "expiry" {
  for_each   = var.expiring
  project    = var.project_id
  database   = google_firestore_database.live.name
  collection = each.key
  field      = "expires_at"

  ttl_config {}
}
