module "identity" {
  source     = "../identity"
  project_id = var.project_id
  region     = var.region
  topics     = local.manifest.topics
  queues     = [for q in local.manifest.queues : q.name]
  buckets    = { maps = "${var.project_id}-maps", archive = "${var.project_id}-archive" }
  secrets    = local.secrets
  vault_key  = module.vault.key
  telemetry  = var.collector_image != null
  workloads = merge(
    { for name, s in module.grouping.services : name => { uses = s.uses } },
    { for job in local.manifest.jobs : "job ${job.name}" => { uses = job.uses } },
  )
  depends_on = [google_project_service.api, module.storage, module.secrets]
}

# The pipeline deploys services and jobs as these accounts, and must be allowed to say so.
resource "google_service_account_iam_member" "builder" {
  for_each           = toset(values(module.identity.profile_of))
  service_account_id = module.identity.account_names[each.key]
  role               = "roles/iam.serviceAccountUser"
  member             = "serviceAccount:${module.registry.builder}"
}
