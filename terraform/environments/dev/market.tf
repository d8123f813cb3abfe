# As cheap as the real thing can be: a handful of services that sleep, a small database, evidence that may be thrown away.
module "market" {
  source               = "../../modules/market"
  project_id           = var.project_id
  project_number       = var.project_number
  region               = var.region
  manifest             = "${path.module}/../../manifest.json"
  environment          = "development"
  domain               = var.domain
  image                = var.image
  grouping             = "process"
  always_warm          = false
  database             = { tier = "db-custom-1-3840", max_connections = 200, high_availability = false, backups_kept = 7 }
  archive              = { retention_days = 1, locked = false }
  alert_emails         = var.alert_emails
  delivery_service     = var.delivery_service
  budget               = var.budget
  deletion_protection  = false
  attestation_required = false
  waf_enforced         = false
}
