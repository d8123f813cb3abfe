variables {
  project_id      = "market-test"
  region          = "us-south1"
  image           = "us-south1-docker.pkg.dev/market-test/cloudrun/cloudrun@sha256:0"
  maps_bucket     = "market-test-maps"
  vpc             = { network = "market", subnet = "services" }
  schedule_caller = "call-schedule@market-test.iam.gserviceaccount.com"
  scheduled       = ["train_acceptance"]
  accounts = {
    migrate          = "run-schema@market-test.iam.gserviceaccount.com"
    train_acceptance = "run-db@market-test.iam.gserviceaccount.com"
  }
  secrets = {
    database-url       = { variable = "DATABASE_URL", uses = ["database"] }
    database-owner-url = { variable = "DATABASE_URL", uses = ["schema"] }
  }
  jobs = [
    { name = "migrate", uses = ["schema"], cpu = 1, memory_mib = 512, timeout_s = 600 },
    { name = "train_acceptance", uses = ["database"], cpu = 1, memory_mib = 1024, timeout_s = 600 },
  ]
}

run "a_job_runs_its_file_and_is_tried_twice_at_most" {
  command = plan

  assert {
    condition     = google_cloud_run_v2_job.job["train-acceptance"].template[0].template[0].containers[0].args == tolist(["train_acceptance"])
    error_message = "The job is named after its file."
  }
  assert {
    condition     = alltrue([for j in google_cloud_run_v2_job.job : j.template[0].template[0].max_retries == 1])
    error_message = "A job that fails twice needs a person."
  }
}

run "only_the_migration_owns_the_schema" {
  command = plan

  assert {
    condition = {
      for name, job in google_cloud_run_v2_job.job : name => [
        for e in job.template[0].template[0].containers[0].env : e.value_source[0].secret_key_ref[0].secret if length(e.value_source) > 0
      ]
    } == { migrate = ["database-owner-url"], train-acceptance = ["database-url"] }
    error_message = "Others must not hold the owner's password."
  }
}

run "the_clock_starts_what_is_scheduled_and_nothing_else" {
  command = plan

  assert {
    condition     = keys(google_cloud_run_v2_job_iam_member.clock) == ["train-acceptance"]
    error_message = "A migration is never started by the clock."
  }
}
