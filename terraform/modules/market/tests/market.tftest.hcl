variables {
  project_id     = "market-test"
  project_number = "123456789"
  manifest       = "../../manifest.json"
  environment    = "development"
  domain         = "market.example.com"
  image          = "us-south1-docker.pkg.dev/market-test/cloudrun/cloudrun@sha256:0"
  alert_emails   = ["oncall@example.com"]

  delivery_service = "Market Delivery | 1 Example Plaza, Dallas, TX 75201 | +12145550100"
  database         = { tier = "db-custom-8-32768", max_connections = 2500, high_availability = false }
  archive          = { retention_days = 30, locked = false }
}

override_data {
  target = module.registry.data.google_kms_crypto_key_version.attestor
  values = {
    id         = "//cloudkms.googleapis.com/v1/projects/market-test/locations/us-south1/keyRings/delivery/cryptoKeys/attestor/cryptoKeyVersions/1"
    public_key = [{ pem = "-----BEGIN PUBLIC KEY-----", algorithm = "EC_SIGN_P256_SHA256" }]
  }
}

run "every_function_of_the_manifest_is_served_once" {
  command = plan

  assert {
    condition     = sort(flatten(values(output.services))) == sort([for f in jsondecode(file("../../manifest.json")).functions : f.name])
    error_message = "A function is missing, or served twice."
  }
  assert {
    condition     = length(output.services) == length(jsondecode(file("../../manifest.json")).functions)
    error_message = "Each has a service of its own."
  }
}

run "a_small_market_is_a_handful_of_services_with_the_same_functions" {
  command = plan
  variables {
    grouping    = "process"
    always_warm = false
    database    = { tier = "db-custom-1-3840", max_connections = 200, high_availability = false }
  }

  assert {
    condition     = length(output.services) <= 6 && output.connections <= 160
    error_message = "Few services, and few connections."
  }
  assert {
    condition     = sort(flatten(values(output.services))) == sort([for f in jsondecode(file("../../manifest.json")).functions : f.name])
    error_message = "No function is left out."
  }
}
