locals {
  requests = "resource.type=\"https_lb_rule\" resource.label.url_map_name=\"${var.url_map}\""
}

resource "google_monitoring_custom_service" "market" {
  project      = var.project_id
  service_id   = "market"
  display_name = "The market"
}

resource "google_monitoring_slo" "availability" {
  project             = var.project_id
  service             = google_monitoring_custom_service.market.service_id
  slo_id              = "availability"
  display_name        = "Requests that do not end in a 5xx"
  goal                = var.availability_goal
  rolling_period_days = 28

  request_based_sli {
    good_total_ratio {
      total_service_filter = "metric.type=\"loadbalancing.googleapis.com/https/request_count\" ${local.requests}"
      bad_service_filter   = "metric.type=\"loadbalancing.googleapis.com/https/request_count\" ${local.requests} metric.label.response_code_class=\"500\""
    }
  }
}

resource "google_monitoring_slo" "latency" {
  project             = var.project_id
  service             = google_monitoring_custom_service.market.service_id
  slo_id              = "latency"
  display_name        = "Requests answered within ${var.latency_ms} ms"
  goal                = var.latency_goal
  rolling_period_days = 28

  request_based_sli {
    distribution_cut {
      distribution_filter = "metric.type=\"loadbalancing.googleapis.com/https/backend_latencies\" ${local.requests}"
      range {
        max = var.latency_ms
      }
    }
  }
}
