# Cloud SQL lives in a network of Google's that is peered with this one; it has no public address.
resource "google_compute_global_address" "private_services" {
  project       = var.project_id
  name          = "private-services"
  purpose       = "VPC_PEERING"
  address_type  = "INTERNAL"
  prefix_length = 20
  network       = google_compute_network.market.id
}

resource "google_service_networking_connection" "private_services" {
  network                 = google_compute_network.market.id
  service                 = "servicenetworking.googleapis.com"
  reserved_peering_ranges = [google_compute_global_address.private_services.name]
}
