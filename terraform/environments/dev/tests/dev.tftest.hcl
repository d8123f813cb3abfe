variables {
  project_id     = "market-test"
  project_number = "123456789"
  domain         = "market.example.com"
  image          = "us-south1-docker.pkg.dev/market-test/cloudrun/cloudrun@sha256:0"
  alert_emails   = ["oncall@example.com"]

  delivery_service = "Market Delivery | 1 Example Plaza, Dallas, TX 75201 | +12145550100"
}

override_data {
  target = module.market.module.registry.data.google_kms_crypto_key_version.attestor
  values = {
    id         = "//cloudkms.googleapis.com/v1/projects/market-test/locations/us-south1/keyRings/delivery/cryptoKeys/attestor/cryptoKeyVersions/1"
    public_key = [{ pem = "-----BEGIN PUBLIC KEY-----", algorithm = "EC_SIGN_P256_SHA256" }]
  }
}

run "development_needs_few_connections" {
  command = plan

  assert {
    condition     = output.connections <= 160
    error_message = "The small database must suffice."
  }
}
