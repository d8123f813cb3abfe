resource "google_sql_database_instance" "replica" {
  count                = var.replica_region == null ? 0 : 1
  project              = var.project_id
  name                 = "market-replica"
  region               = var.replica_region
  database_version     = google_sql_database_instance.market.database_version
  master_instance_name = google_sql_database_instance.market.name
  deletion_protection  = var.deletion_protection

  settings {
    edition           = "ENTERPRISE"
    tier              = var.tier
    availability_type = "ZONAL"
    disk_type         = "PD_SSD"
    disk_autoresize   = true

    ip_configuration {
      ipv4_enabled    = false
      private_network = var.network
      ssl_mode        = "ENCRYPTED_ONLY"
    }

    # A replica must allow at least as many connections as its primary.
    database_flags {
      name  = "max_connections"
      value = tostring(var.max_connections)
    }
  }
}
