output "address" {
  description = "Address that the domain's A record must lead to."
  value       = google_compute_global_address.market.address
}

output "url_map" {
  description = "Name of the load balancer, as its metrics are labelled."
  value       = google_compute_url_map.market.name
}
