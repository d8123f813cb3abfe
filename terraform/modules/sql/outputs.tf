output "connection_name" {
  description = "What the connector dials: project, region and instance."
  value       = google_sql_database_instance.market.connection_name
}

output "instance" {
  description = "Name of the primary."
  value       = google_sql_database_instance.market.name
}

output "private_address" {
  description = "Address of the primary inside the VPC."
  value       = google_sql_database_instance.market.private_ip_address
}
