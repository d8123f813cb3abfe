# Clients never read the live store: they get it through the API, which knows whose data it is.
resource "google_firebaserules_ruleset" "nobody" {
  project = var.project_id

  source {
    files {
      name    = "firestore.rules"
      content = file("${path.module}/firestore.rules")
    }
  }
}

resource "google_firebaserules_release" "firestore" {
  project      = var.project_id
  name         = "cloud.firestore"
  ruleset_name = "projects/${var.project_id}/rulesets/${google_firebaserules_ruleset.nobody.name}"
  depends_on   = [google_firestore_database.live]
}
