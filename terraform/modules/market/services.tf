locals {
  environment = {
    ENVIRONMENT          = var.environment
    PLATFORM             = "google"
    GOOGLE_CLOUD_PROJECT = var.project_id
    REGION               = var.region
    CLOUD_SQL_INSTANCE   = module.sql.connection_name
    ARCHIVE_BUCKET       = module.storage.buckets["archive"]
    WITNESSES            = var.witnesses
    PAYMENTS             = "stripe"
    VAULT_KMS_KEY        = module.vault.key
    DELIVERY_SERVICE     = var.delivery_service
    TASKS_CALLER         = module.identity.callers.tasks
    SERVICE_URL_SUFFIX   = "-${var.project_number}.${var.region}.run.app"
    TASK_TARGETS = jsonencode({
      for f in local.manifest.functions : f.path => local.url_of[f.name] if contains(flatten(local.manifest.queues[*].functions), f.name)
    })
    AGE_VERIFIER       = var.age_checks.provider
    ONFIDO_REGION      = var.age_checks.region
    ONFIDO_WORKFLOW_ID = var.age_checks.workflow_id
  }

  calls = {
    push     = toset([for s in local.manifest.subscriptions : local.service_of[s.function]])
    tasks    = toset([for name in flatten(local.manifest.queues[*].functions) : local.service_of[name]])
    schedule = toset([for s in local.manifest.schedules : local.service_of[s.function]])
  }
  callers = {
    for service in setunion(values(local.calls)...) : service => {
      for caller, services in local.calls : caller => module.identity.callers[caller] if contains(services, service)
    }
  }
}

module "functions" {
  source              = "../functions"
  project_id          = var.project_id
  region              = var.region
  services            = module.grouping.services
  image               = var.image
  accounts            = module.identity.account_of
  environment         = local.environment
  secrets             = local.secrets
  maps_bucket         = module.storage.buckets["maps"]
  vpc                 = { network = module.network.network, subnet = module.network.subnet }
  callers             = local.callers
  collector_image     = var.collector_image
  deletion_protection = var.deletion_protection
  depends_on          = [module.secrets, module.registry]
}

module "jobs" {
  source              = "../jobs"
  project_id          = var.project_id
  region              = var.region
  jobs                = local.manifest.jobs
  image               = var.image
  accounts            = { for job in local.manifest.jobs : job.name => module.identity.account_of["job ${job.name}"] }
  environment         = local.environment
  secrets             = local.secrets
  maps_bucket         = module.storage.buckets["maps"]
  vpc                 = { network = module.network.network, subnet = module.network.subnet }
  schedule_caller     = module.identity.callers.schedule
  scheduled           = [for job in local.manifest.jobs : job.name if job.schedule != null]
  deletion_protection = var.deletion_protection
  depends_on          = [module.secrets, module.registry]
}

module "registry" {
  source               = "../registry"
  project_id           = var.project_id
  region               = var.region
  attestation_required = var.attestation_required
  depends_on           = [google_project_service.api]
}
