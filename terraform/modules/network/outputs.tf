output "network" {
  description = "The VPC, with the peering that databases need in place."
  value       = google_compute_network.market.id
  depends_on  = [google_service_networking_connection.private_services]
}

output "subnet" {
  description = "The subnet through which services reach private addresses."
  value       = google_compute_subnetwork.services.id
}
