variables {
  project_id = "market-test"
  region     = "us-south1"
  caller     = "schedule@market-test.iam.gserviceaccount.com"
  schedules = {
    relay_outbox = {
      cron = "* * * * *"
      url  = "https://relay-outbox-1.us-south1.run.app"
      path = "/internal/outbox/relay"
    }
  }
  job_schedules = { train_acceptance = "15 9 * * *" }
}

run "the_clock_calls_functions_with_a_token_for_them_alone" {
  command = plan

  assert {
    condition     = google_cloud_scheduler_job.function["relay_outbox"].http_target[0].uri == "https://relay-outbox-1.us-south1.run.app/internal/outbox/relay"
    error_message = "The function's own address."
  }
  assert {
    condition     = google_cloud_scheduler_job.function["relay_outbox"].http_target[0].oidc_token[0].audience == "https://relay-outbox-1.us-south1.run.app"
    error_message = "The token must be for this service."
  }
}

run "the_clock_starts_jobs_through_the_api" {
  command = plan

  assert {
    condition     = endswith(google_cloud_scheduler_job.job["train_acceptance"].http_target[0].uri, "/jobs/train-acceptance:run")
    error_message = "A job is started by the Run API."
  }
}
