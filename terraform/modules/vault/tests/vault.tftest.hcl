variables {
  project_id = "market-test"
  region     = "us-south1"
}

run "the_key_turns_over_and_takes_a_month_to_destroy" {
  command = plan

  assert {
    condition     = google_kms_crypto_key.personal_data.rotation_period == "7776000s"
    error_message = "A new version every ninety days."
  }
  assert {
    condition     = google_kms_crypto_key.personal_data.destroy_scheduled_duration == "2592000s"
    error_message = "A version that was destroyed by mistake can be brought back for thirty days."
  }
  assert {
    condition     = output.key == "projects/market-test/locations/us-south1/keyRings/vault/cryptoKeys/personal-data"
    error_message = "Its name is what the functions ask for."
  }
}

run "a_protection_that_there_is_not_is_refused" {
  command = plan
  variables {
    protection_level = "PAPER"
  }
  expect_failures = [var.protection_level]
}
