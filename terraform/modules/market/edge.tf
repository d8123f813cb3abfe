module "edge" {
  source          = "../edge"
  project_id      = var.project_id
  region          = var.region
  domain          = var.domain
  default_service = local.service_of["home"]
  waf_enforced    = var.waf_enforced
  routes          = [for f in local.manifest.functions : { method = f.method, path = f.path, service = local.service_of[f.name] } if !f.internal]
  depends_on      = [module.functions]
}

module "monitoring" {
  source       = "../monitoring"
  project_id   = var.project_id
  domain       = var.domain
  alert_emails = var.alert_emails
  url_map      = module.edge.url_map
  database     = { instance = module.sql.instance, max_connections = var.database.max_connections }
  dead_letters = module.topics.dead_letters
  budget       = var.budget
}
