locals {
  project_roles = {
    database   = ["roles/cloudsql.client"]
    schema     = ["roles/cloudsql.client"]
    live_read  = ["roles/datastore.viewer"]
    live_write = ["roles/datastore.user"]
  }
  bucket_roles = {
    maps_read  = { bucket = var.buckets.maps, roles = ["roles/storage.objectViewer"] }
    maps_write = { bucket = var.buckets.maps, roles = ["roles/storage.objectUser"] }
    archive    = { bucket = var.buckets.archive, roles = ["roles/storage.objectCreator", "roles/storage.objectViewer"] }
  }
  telemetry_roles = var.telemetry ? ["roles/cloudtrace.agent", "roles/monitoring.metricWriter"] : []

  on_project = {
    for grant in flatten([
      for profile, uses in local.profiles : [
        for role in distinct(concat(flatten([for use in uses : lookup(local.project_roles, use, [])]), local.telemetry_roles)) :
        { profile = profile, role = role }
      ]
    ]) : "${grant.profile} ${grant.role}" => grant
  }
  on_buckets = {
    for grant in flatten([
      for profile, uses in local.profiles : [
        for use in uses : [
          for role in local.bucket_roles[use].roles : { profile = profile, bucket = local.bucket_roles[use].bucket, role = role }
        ] if contains(keys(local.bucket_roles), use)
      ]
    ]) : "${grant.profile} ${grant.bucket} ${grant.role}" => grant
  }
  on_secrets = {
    for grant in flatten([
      for profile, uses in local.profiles : [
        for name, secret in var.secrets : { profile = profile, secret = name }
        if length(setintersection(secret.uses, uses)) > 0
      ]
    ]) : "${grant.profile} ${grant.secret}" => grant
  }
  on_topics = {
    for pair in setproduct([for profile, uses in local.profiles : profile if contains(uses, "messages")], var.topics) :
    "${pair[0]} ${pair[1]}" => { profile = pair[0], topic = pair[1] }
  }
  on_vault = {
    for profile, uses in local.profiles : "${profile} vault" => profile if contains(uses, "vault")
  }
  on_queues = {
    for pair in setproduct([for profile, uses in local.profiles : profile if contains(uses, "tasks")], var.queues) :
    "${pair[0]} ${pair[1]}" => { profile = pair[0], queue = pair[1] }
  }
}

resource "google_project_iam_member" "workload" {
  for_each = local.on_project
  project  = var.project_id
  role     = each.value.role
  member   = google_service_account.workload[each.value.profile].member
}

resource "google_storage_bucket_iam_member" "workload" {
  for_each = local.on_buckets
  bucket   = each.value.bucket
  role     = each.value.role
  member   = google_service_account.workload[each.value.profile].member
}

resource "google_secret_manager_secret_iam_member" "workload" {
  for_each  = local.on_secrets
  project   = var.project_id
  secret_id = each.value.secret
  role      = "roles/secretmanager.secretAccessor"
  member    = google_service_account.workload[each.value.profile].member
}

# Wraps and unwraps; the key itself can be neither read nor changed.
resource "google_kms_crypto_key_iam_member" "workload" {
  for_each      = local.on_vault
  crypto_key_id = var.vault_key
  role          = "roles/cloudkms.cryptoKeyEncrypterDecrypter"
  member        = google_service_account.workload[each.value].member
}

resource "google_pubsub_topic_iam_member" "workload" {
  for_each = local.on_topics
  project  = var.project_id
  topic    = each.value.topic
  role     = "roles/pubsub.publisher"
  member   = google_service_account.workload[each.value.profile].member
}

resource "google_cloud_tasks_queue_iam_member" "workload" {
  for_each = local.on_queues
  project  = var.project_id
  location = var.region
  name     = each.value.queue
  role     = "roles/cloudtasks.enqueuer"
  member   = google_service_account.workload[each.value.profile].member
}

# A task carries the token of the account that Cloud Tasks calls with; who makes tasks must be allowed to hand it over.
resource "google_service_account_iam_member" "hands_over_the_tasks_token" {
  for_each           = toset([for profile, uses in local.profiles : profile if contains(uses, "tasks")])
  service_account_id = google_service_account.caller["tasks"].name
  role               = "roles/iam.serviceAccountUser"
  member             = google_service_account.workload[each.key].member
}
