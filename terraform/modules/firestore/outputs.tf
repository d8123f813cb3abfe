output "database" {
  description = "Name of the live store's database."
  value       = google_firestore_database.live.name
}
