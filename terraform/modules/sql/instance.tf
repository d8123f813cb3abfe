resource "google_sql_database_instance" "market" {
  project             = var.project_id
  name                = "market"
  region              = var.region
  database_version    = "POSTGRES_17"
  deletion_protection = var.deletion_protection

  settings {
    edition                     = "ENTERPRISE"
    tier                        = var.tier
    availability_type           = var.high_availability ? "REGIONAL" : "ZONAL"
    disk_type                   = "PD_SSD"
    disk_autoresize             = true
    deletion_protection_enabled = var.deletion_protection

    ip_configuration {
      ipv4_enabled    = false
      private_network = var.network
      ssl_mode        = "ENCRYPTED_ONLY"
    }

    backup_configuration {
      enabled                        = true
      start_time                     = "10:00"
      point_in_time_recovery_enabled = true
      transaction_log_retention_days = 7

      backup_retention_settings {
        retained_backups = var.backups_kept
        retention_unit   = "COUNT"
      }
    }

    insights_config {
      query_insights_enabled  = true
      query_string_length     = 1024
      record_application_tags = false
      record_client_address   = false
    }

    # Tuesday, 5 in the morning in Dallas: the fewest deliveries of the week
    maintenance_window {
      day          = 2
      hour         = 11
      update_track = "stable"
    }

    dynamic "database_flags" {
      for_each = local.flags
      content {
        name  = database_flags.key
        value = database_flags.value
      }
    }
  }

  lifecycle {
    precondition {
      condition     = var.connections_needed <= 0.8 * var.max_connections
      error_message = "The services may take ${var.connections_needed} connections of ${var.max_connections}; stay below 80 per cent: raise max_connections, group functions, or lower their max_instances."
    }
  }
}

locals {
  # No statement's values are logged: they hold people's data.
  flags = {
    max_connections                     = tostring(var.max_connections)
    log_lock_waits                      = "on"
    log_min_duration_statement          = "-1"
    log_parameter_max_length            = "0"
    log_parameter_max_length_on_error   = "0"
    idle_in_transaction_session_timeout = "60000"
  }
}

resource "google_sql_database" "market" {
  project  = var.project_id
  name     = "cloudrun"
  instance = google_sql_database_instance.market.name
}
