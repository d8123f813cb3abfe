variables {
  project_id      = "market-test"
  region          = "us-south1"
  domain          = "market.example.com"
  default_service = "home"
  routes = [
    { method = "GET", path = "/", service = "home" },
    { method = "GET", path = "/mission/{asset:path}", service = "mission-app" },
    { method = "POST", path = "/v1/orders/price", service = "price-cart" },
    { method = "GET", path = "/v1/orders/{order_id}", service = "get-order" },
    { method = "POST", path = "/v1/orders/{order_id}/cancel", service = "cancel-order" },
  ]
}

run "a_route_is_a_path_and_a_method_and_the_first_that_matches_wins" {
  command = plan

  assert {
    condition     = google_compute_url_map.market.path_matcher[0].route_rules[2].match_rules[0].full_path_match == "/v1/orders/price"
    error_message = "A literal path is matched as it is."
  }
  assert {
    condition     = google_compute_url_map.market.path_matcher[0].route_rules[4].match_rules[0].path_template_match == "/v1/orders/*/cancel"
    error_message = "A placeholder is one segment."
  }
  assert {
    condition     = google_compute_url_map.market.path_matcher[0].route_rules[4].match_rules[0].header_matches[0].exact_match == "POST"
    error_message = "The method belongs to the route."
  }
  assert {
    condition     = google_compute_url_map.market.path_matcher[0].route_rules[*].priority == tolist([1, 2, 3, 4, 5])
    error_message = "Priorities follow the order of the routes."
  }
}

run "an_app_answers_with_and_without_its_slash" {
  command = plan

  assert {
    condition = toset([
      for m in google_compute_url_map.market.path_matcher[0].route_rules[1].match_rules : "${m.path_template_match == null ? "" : m.path_template_match}${m.full_path_match == null ? "" : m.full_path_match}"
    ]) == toset(["/mission/**", "/mission"])
    error_message = "Both /mission and everything below it."
  }
}

run "every_door_is_behind_the_armour_and_plain_http_is_sent_to_https" {
  command = plan

  assert {
    condition     = alltrue([for b in google_compute_backend_service.service : b.load_balancing_scheme == "EXTERNAL_MANAGED"]) && length(google_compute_backend_service.service) == 5
    error_message = "One backend for each service."
  }
  assert {
    condition     = google_compute_url_map.to_https.default_url_redirect[0].https_redirect
    error_message = "Nothing is served in the clear."
  }
  assert {
    condition     = google_compute_ssl_policy.modern.min_tls_version == "TLS_1_2"
    error_message = "Old TLS is refused."
  }
}

run "rules_that_may_be_wrong_can_be_watched_first" {
  command = plan
  variables {
    waf_enforced = false
  }
  assert {
    condition     = alltrue([for r in google_compute_security_policy.market.rule : r.preview if r.priority < 2000])
    error_message = "In preview nothing is refused."
  }
}
