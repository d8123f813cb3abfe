resource "google_storage_bucket" "market" {
  for_each                    = var.buckets
  project                     = var.project_id
  name                        = "${var.project_id}-${each.key}"
  location                    = var.location
  storage_class               = each.value.storage_class
  uniform_bucket_level_access = true
  public_access_prevention    = "enforced"
  force_destroy               = false

  versioning {
    enabled = each.value.versioned
  }

  dynamic "retention_policy" {
    for_each = each.value.retention_days == null ? [] : [each.value]
    content {
      retention_period = each.value.retention_days * 86400
      is_locked        = each.value.locked
    }
  }

  dynamic "lifecycle_rule" {
    for_each = each.value.versioned ? [1] : []
    content {
      action {
        type = "Delete"
      }
      condition {
        num_newer_versions = 5
        with_state         = "ARCHIVED"
      }
    }
  }
}
