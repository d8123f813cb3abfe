variables {
  project_id = "market-test"
  region     = "us-south1"
  topics     = ["order_events", "driver_events"]
  queues     = ["offers"]
  buckets    = { maps = "market-test-maps", archive = "market-test-archive" }
  vault_key  = "projects/market-test/locations/us-south1/keyRings/vault/cryptoKeys/personal-data"
  secrets = {
    database-url = { uses = ["database"] }
    payments-key = { uses = ["payments"] }
  }
  workloads = {
    get-order       = { uses = ["database"] }
    get-menu        = { uses = ["database"] }
    home            = { uses = [] }
    cancel-order    = { uses = ["payments", "messages", "database"] }
    wake-dispatch   = { uses = ["database", "messages", "tasks"] }
    sign-checkpoint = { uses = ["archive", "database"] }
    add-address     = { uses = ["database", "vault"] }
  }
}

run "workloads_that_need_the_same_share_an_account_and_nobody_else_does" {
  command = plan

  assert {
    condition     = output.profile_of["get-order"] == output.profile_of["get-menu"]
    error_message = "Same uses, same account."
  }
  assert {
    condition     = length(google_service_account.workload) == 6
    error_message = "One account for each set of uses."
  }
}

run "an_account_is_granted_what_its_workloads_use_and_no_more" {
  command = plan

  assert {
    condition     = keys(google_project_iam_member.workload) == ["run-archive-db roles/cloudsql.client", "run-db roles/cloudsql.client", "run-db-msg-pay roles/cloudsql.client", "run-db-msg-task roles/cloudsql.client", "run-db-vault roles/cloudsql.client"]
    error_message = "The database, for those who use it."
  }
  assert {
    condition     = keys(google_secret_manager_secret_iam_member.workload) == ["run-archive-db database-url", "run-db database-url", "run-db-msg-pay database-url", "run-db-msg-pay payments-key", "run-db-msg-task database-url", "run-db-vault database-url"]
    error_message = "The payment key, for those who take payments."
  }
  assert {
    condition     = keys(google_cloud_tasks_queue_iam_member.workload) == ["run-db-msg-task offers"] && length(google_pubsub_topic_iam_member.workload) == 4
    error_message = "Queues and topics, for those who write to them."
  }
  assert {
    condition     = keys(google_kms_crypto_key_iam_member.workload) == ["run-db-vault vault"]
    error_message = "The vault's key, for those who open what it protects."
  }
  assert {
    condition     = !contains([for g in google_storage_bucket_iam_member.workload : g.role], "roles/storage.objectAdmin")
    error_message = "Nobody may delete from the archive."
  }
}

run "a_use_that_no_grant_is_known_for_is_refused" {
  command = plan
  variables {
    workloads = { odd = { uses = ["everything"] } }
  }
  expect_failures = [var.workloads]
}
