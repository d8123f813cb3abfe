module "network" {
  source     = "../network"
  project_id = var.project_id
  region     = var.region
  depends_on = [google_project_service.api]
}

module "sql" {
  source              = "../sql"
  project_id          = var.project_id
  region              = var.region
  network             = module.network.network
  tier                = var.database.tier
  high_availability   = var.database.high_availability
  max_connections     = var.database.max_connections
  connections_needed  = module.grouping.connections
  backups_kept        = var.database.backups_kept
  replica_region      = var.database.replica_region
  deletion_protection = var.deletion_protection
}

module "storage" {
  source     = "../storage"
  project_id = var.project_id
  location   = var.region
  buckets = {
    maps    = {}
    archive = { versioned = false, retention_days = var.archive.retention_days, locked = var.archive.locked }
  }
  depends_on = [google_project_service.api]
}

module "vault" {
  source     = "../vault"
  project_id = var.project_id
  region     = var.region
  depends_on = [google_project_service.api]
}

module "firestore" {
  source              = "../firestore"
  project_id          = var.project_id
  location            = var.region
  deletion_protection = var.deletion_protection
  depends_on          = [google_project_service.api]
}
