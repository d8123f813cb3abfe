resource "google_compute_security_policy" "market" {
  project     = var.project_id
  name        = "market"
  description = "Floods and known attacks are turned away before they reach a function."
  type        = "CLOUD_ARMOR"

  adaptive_protection_config {
    layer_7_ddos_defense_config {
      enable = true
    }
  }

  dynamic "rule" {
    for_each = {
      1000 = "sqli-v33-stable"
      1001 = "lfi-v33-stable"
      1002 = "rce-v33-stable"
      1003 = "scannerdetection-v33-stable"
      1004 = "protocolattack-v33-stable"
    }
    content {
      priority    = rule.key
      action      = "deny(403)"
      preview     = !var.waf_enforced
      description = "Known attacks: ${rule.value}"

      match {
        expr {
          expression = "evaluatePreconfiguredWaf('${rule.value}', {'sensitivity': 1})"
        }
      }
    }
  }

  rule {
    priority    = 2000
    action      = "rate_based_ban"
    description = "An address that floods waits ten minutes."

    match {
      versioned_expr = "SRC_IPS_V1"
      config {
        src_ip_ranges = ["*"]
      }
    }

    rate_limit_options {
      conform_action   = "allow"
      exceed_action    = "deny(429)"
      enforce_on_key   = "IP"
      ban_duration_sec = 600

      rate_limit_threshold {
        count        = var.requests_per_minute
        interval_sec = 60
      }

      ban_threshold {
        count        = var.requests_per_minute * 10
        interval_sec = 600
      }
    }
  }

  rule {
    priority    = 2147483647
    action      = "allow"
    description = "Everybody else."

    match {
      versioned_expr = "SRC_IPS_V1"
      config {
        src_ip_ranges = ["*"]
      }
    }
  }
}
