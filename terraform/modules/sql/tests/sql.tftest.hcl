variables {
  project_id         = "market-test"
  region             = "us-south1"
  network            = "projects/market-test/global/networks/market"
  tier               = "db-custom-2-8192"
  high_availability  = true
  max_connections    = 500
  connections_needed = 400
}

run "the_database_is_private_encrypted_and_recoverable_to_any_moment" {
  command = plan

  assert {
    condition     = !google_sql_database_instance.market.settings[0].ip_configuration[0].ipv4_enabled
    error_message = "The database must have no public address."
  }
  assert {
    condition     = google_sql_database_instance.market.settings[0].ip_configuration[0].ssl_mode == "ENCRYPTED_ONLY"
    error_message = "Connections must be encrypted."
  }
  assert {
    condition     = google_sql_database_instance.market.settings[0].backup_configuration[0].point_in_time_recovery_enabled
    error_message = "A bad hour must be undone to the second before it."
  }
  assert {
    condition     = length(google_sql_database_instance.replica) == 0
    error_message = "No replica unless a region for it is named."
  }
}

run "services_that_would_take_the_last_fifth_of_the_connections_are_refused" {
  command = plan
  variables {
    connections_needed = 401
  }
  expect_failures = [google_sql_database_instance.market]
}

run "a_replica_waits_in_another_region" {
  command = plan
  variables {
    replica_region = "us-central1"
  }
  assert {
    condition     = google_sql_database_instance.replica[0].region == "us-central1"
    error_message = "The replica stands where it was asked for."
  }
}
