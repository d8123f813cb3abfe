# No query of the live store needs a composite index: each topic's changes are a collection of its own, asked for by the one
# field that Firestore indexes by itself. What is never asked for is not indexed: each index is written and paid for.
resource "google_firestore_field" "unindexed" {
  for_each   = { for field in var.unindexed : "${field.collection}.${field.path}" => field }
  project    = var.project_id
  database   = google_firestore_database.live.name
  collection = each.value.collection
  field      = each.value.path

  index_config {}
}

resource "google_firestore_field" "expiry" {
  for_each   = var.expiring
  project    = var.project_id
  database   = google_firestore_database.live.name
  collection = each.key
  field      = "expires_at"

  ttl_config {}
}
