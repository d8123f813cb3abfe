resource "google_project_service" "api" {
  for_each = toset([
    "artifactregistry.googleapis.com", "binaryauthorization.googleapis.com", "billingbudgets.googleapis.com",
    "cloudbuild.googleapis.com", "cloudkms.googleapis.com", "cloudresourcemanager.googleapis.com",
    "cloudscheduler.googleapis.com", "cloudtasks.googleapis.com", "compute.googleapis.com",
    "containeranalysis.googleapis.com", "containerscanning.googleapis.com", "firebaserules.googleapis.com",
    "firestore.googleapis.com", "iam.googleapis.com", "logging.googleapis.com", "monitoring.googleapis.com",
    "ondemandscanning.googleapis.com", "pubsub.googleapis.com", "run.googleapis.com", "secretmanager.googleapis.com",
    "servicenetworking.googleapis.com", "sqladmin.googleapis.com", "storage.googleapis.com",
  ])
  project            = var.project_id
  service            = each.key
  disable_on_destroy = false
}
