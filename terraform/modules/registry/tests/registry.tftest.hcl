variables {
  project_id = "market-test"
  region     = "us-south1"
}

override_data {
  target = data.google_kms_crypto_key_version.attestor
  values = {
    id         = "//cloudkms.googleapis.com/v1/projects/market-test/locations/us-south1/keyRings/delivery/cryptoKeys/attestor/cryptoKeyVersions/1"
    public_key = [{ pem = "-----BEGIN PUBLIC KEY-----", algorithm = "EC_SIGN_P256_SHA256" }]
  }
}

run "an_image_that_nobody_attested_does_not_run" {
  command = plan

  assert {
    condition     = google_binary_authorization_policy.market.default_admission_rule[0].enforcement_mode == "ENFORCED_BLOCK_AND_AUDIT_LOG"
    error_message = "Unattested images must be refused."
  }
  assert {
    condition     = google_artifact_registry_repository.images.docker_config[0].immutable_tags
    error_message = "A tag must mean one image for ever."
  }
}

run "the_pipeline_holds_no_role_that_reads_data_or_grants_roles" {
  command = plan

  assert {
    condition     = length([for role in local.builder_roles : role if can(regex("admin|owner|editor|secret|sql|storage", role)) && !contains(["roles/ondemandscanning.admin", "roles/containeranalysis.occurrences.editor"], role)]) == 0
    error_message = "Delivery needs no data and no power over roles."
  }
}
