variables {
  project_id = "market-test"
  region     = "us-south1"
}

run "only_the_declared_subnet_exists_and_it_reaches_google_privately" {
  command = plan

  assert {
    condition     = !google_compute_network.market.auto_create_subnetworks
    error_message = "Subnets that nobody declared would appear in every region."
  }
  assert {
    condition     = google_compute_subnetwork.services.private_ip_google_access
    error_message = "Instances must reach Google's APIs without public addresses."
  }
}

run "a_subnet_too_small_for_the_instances_is_refused" {
  command = plan
  variables {
    subnet_cidr = "10.8.0.0/28"
  }
  expect_failures = [var.subnet_cidr]
}
