module "topics" {
  source         = "../topics"
  project_id     = var.project_id
  project_number = var.project_number
  topics         = local.manifest.topics
  caller         = module.identity.callers.push
  subscriptions = {
    for s in local.manifest.subscriptions : s.name => { topic = s.topic, url = local.url_of[s.function], path = s.path, types = s.types }
  }
  depends_on = [google_project_service.api]
}

module "queues" {
  source     = "../queues"
  project_id = var.project_id
  region     = var.region
  queues     = { for q in local.manifest.queues : q.name => q }
  depends_on = [google_project_service.api]
}

module "scheduler" {
  source        = "../scheduler"
  project_id    = var.project_id
  region        = var.region
  caller        = module.identity.callers.schedule
  schedules     = { for s in local.manifest.schedules : s.function => { cron = s.cron, url = local.url_of[s.function], path = s.path } }
  job_schedules = { for job in local.manifest.jobs : job.name => job.schedule if job.schedule != null }
  depends_on    = [google_project_service.api]
}
