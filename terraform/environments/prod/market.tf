# A service for each function, a standby database and a replica far away, evidence that nobody can delete for six years.
module "market" {
  source          = "../../modules/market"
  project_id      = var.project_id
  project_number  = var.project_number
  region          = var.region
  manifest        = "${path.module}/../../manifest.json"
  environment     = "production"
  domain          = var.domain
  image           = var.image
  age_checks      = { provider = "onfido", workflow_id = var.onfido_workflow_id }
  database        = { tier = "db-custom-8-53248", max_connections = 2500, high_availability = true, replica_region = var.replica_region }
  archive         = { retention_days = 2190, locked = true }
  alert_emails    = var.alert_emails
  budget          = var.budget
  collector_image = var.collector_image
  witnesses       = var.witnesses

  delivery_service = var.delivery_service
}
