locals {
  # /v1/orders/{order_id} becomes /v1/orders/*, and what takes slashes becomes **
  templates = [for route in var.routes : replace(replace(route.path, "/\\{\\w+:path\\}/", "**"), "/\\{\\w+\\}/", "*")]
}

resource "google_compute_url_map" "market" {
  project         = var.project_id
  name            = "market"
  default_service = google_compute_backend_service.service[var.default_service].id

  host_rule {
    hosts        = [var.domain]
    path_matcher = "functions"
  }

  path_matcher {
    name            = "functions"
    default_service = google_compute_backend_service.service[var.default_service].id

    dynamic "route_rules" {
      for_each = var.routes
      content {
        priority = route_rules.key + 1
        service  = google_compute_backend_service.service[route_rules.value.service].id

        match_rules {
          full_path_match     = strcontains(local.templates[route_rules.key], "*") ? null : route_rules.value.path
          path_template_match = strcontains(local.templates[route_rules.key], "*") ? local.templates[route_rules.key] : null

          header_matches {
            header_name = ":method"
            exact_match = route_rules.value.method
          }
        }

        # `/mission/{asset:path}` is also `/mission`
        dynamic "match_rules" {
          for_each = endswith(local.templates[route_rules.key], "/**") ? [trimsuffix(local.templates[route_rules.key], "/**")] : []
          content {
            full_path_match = match_rules.value

            header_matches {
              header_name = ":method"
              exact_match = route_rules.value.method
            }
          }
        }
      }
    }
  }
}

resource "google_compute_url_map" "to_https" {
  project = var.project_id
  name    = "to-https"

  default_url_redirect {
    https_redirect         = true
    redirect_response_code = "PERMANENT_REDIRECT"
    strip_query            = false
  }
}
