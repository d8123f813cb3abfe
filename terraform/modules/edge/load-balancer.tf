resource "google_compute_global_address" "market" {
  project = var.project_id
  name    = "market"
}

resource "google_compute_managed_ssl_certificate" "market" {
  project = var.project_id
  name    = "market"

  managed {
    domains = [var.domain]
  }
}

resource "google_compute_ssl_policy" "modern" {
  project         = var.project_id
  name            = "modern"
  profile         = "MODERN"
  min_tls_version = "TLS_1_2"
}

resource "google_compute_target_https_proxy" "market" {
  project          = var.project_id
  name             = "market"
  url_map          = google_compute_url_map.market.id
  ssl_certificates = [google_compute_managed_ssl_certificate.market.id]
  ssl_policy       = google_compute_ssl_policy.modern.id
}

resource "google_compute_global_forwarding_rule" "https" {
  project               = var.project_id
  name                  = "https"
  load_balancing_scheme = "EXTERNAL_MANAGED"
  ip_address            = google_compute_global_address.market.id
  port_range            = "443"
  target                = google_compute_target_https_proxy.market.id
}

resource "google_compute_target_http_proxy" "to_https" {
  project = var.project_id
  name    = "to-https"
  url_map = google_compute_url_map.to_https.id
}

resource "google_compute_global_forwarding_rule" "http" {
  project               = var.project_id
  name                  = "http"
  load_balancing_scheme = "EXTERNAL_MANAGED"
  ip_address            = google_compute_global_address.market.id
  port_range            = "80"
  target                = google_compute_target_http_proxy.to_https.id
}
