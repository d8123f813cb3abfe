output "buckets" {
  description = "Each bucket's full name by its short one."
  value       = { for name, bucket in google_storage_bucket.market : name => bucket.name }
}
