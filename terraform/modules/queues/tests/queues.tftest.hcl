variables {
  project_id = "market-test"
  region     = "us-south1"
  queues = {
    dispatch = { rate_per_s = 100, concurrent = 20, attempts = 2 }
  }
}

run "a_queue_has_the_limits_that_the_code_declares" {
  command = plan

  assert {
    condition     = google_cloud_tasks_queue.market["dispatch"].rate_limits[0].max_concurrent_dispatches == 20
    error_message = "Calls at once."
  }
  assert {
    condition     = google_cloud_tasks_queue.market["dispatch"].retry_config[0].max_attempts == 2
    error_message = "A tick that comes too late is not worth a third try."
  }
}
