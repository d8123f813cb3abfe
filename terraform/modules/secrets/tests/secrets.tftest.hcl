variables {
  project_id = "market-test"
  secrets    = ["database-url", "log-keys"]
}

run "every_secret_is_a_container_without_a_value" {
  command = plan

  assert {
    condition     = toset(keys(google_secret_manager_secret.market)) == toset(["database-url", "log-keys"])
    error_message = "One secret for each name."
  }
  assert {
    condition     = alltrue([for s in google_secret_manager_secret.market : s.version_destroy_ttl == "86400s"])
    error_message = "A destroyed version must be recoverable for a day."
  }
}
