variables {
  project_id = "market-test"
  location   = "US"
  buckets = {
    maps    = {}
    archive = { versioned = false, retention_days = 2190, locked = true, storage_class = "NEARLINE" }
  }
}

run "evidence_cannot_be_deleted_before_its_time_by_anybody" {
  command = plan

  assert {
    condition     = google_storage_bucket.market["archive"].retention_policy[0].is_locked
    error_message = "The archive's retention must be locked."
  }
  assert {
    condition     = google_storage_bucket.market["archive"].retention_policy[0].retention_period == "189216000"
    error_message = "Six years, in seconds."
  }
  assert {
    condition     = alltrue([for b in google_storage_bucket.market : b.public_access_prevention == "enforced"])
    error_message = "No bucket may become public."
  }
}

run "a_lock_without_a_period_is_refused" {
  command = plan
  variables {
    buckets = { archive = { versioned = false, locked = true } }
  }
  expect_failures = [var.buckets]
}
