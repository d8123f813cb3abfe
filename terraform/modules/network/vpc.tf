resource "google_compute_network" "market" {
  project                 = var.project_id
  name                    = "market"
  auto_create_subnetworks = false
  routing_mode            = "REGIONAL"
}

# Services leave through this subnet (direct VPC egress) for private addresses alone; vendors are reached over the internet.
resource "google_compute_subnetwork" "services" {
  project                  = var.project_id
  name                     = "services"
  region                   = var.region
  network                  = google_compute_network.market.id
  ip_cidr_range            = var.subnet_cidr
  private_ip_google_access = true
}
