variables {
  project_id  = "market-test"
  region      = "us-south1"
  image       = "us-south1-docker.pkg.dev/market-test/cloudrun/cloudrun@sha256:0"
  maps_bucket = "market-test-maps"
  vpc         = { network = "market", subnet = "services" }
  accounts = {
    get-order    = "run-db@market-test.iam.gserviceaccount.com"
    tick         = "run-db-mapsr-msg-task@market-test.iam.gserviceaccount.com"
    stream-order = "run-db-liver@market-test.iam.gserviceaccount.com"
  }
  environment = { PLATFORM = "google" }
  secrets = {
    database-url = { variable = "DATABASE_URL", uses = ["database"] }
    payments-key = { variable = "PAYMENTS_KEY", uses = ["payments"] }
  }
  callers = { tick = { tasks = "call-tasks@market-test.iam.gserviceaccount.com" } }
  services = {
    get-order = { functions = ["get_order"], flavour = "wsgi", internal = false, uses = ["database"], concurrency = 12, pool = 12,
    cpu = 1, memory_mib = 512, timeout_s = 30, min_instances = 1, max_instances = 5 }
    tick = { functions = ["tick"], flavour = "wsgi", internal = true, uses = ["database", "maps_read", "messages", "tasks"],
    concurrency = 1, pool = 1, cpu = 2, memory_mib = 1024, timeout_s = 60, min_instances = 0, max_instances = 4 }
    stream-order = { functions = ["stream_order"], flavour = "asgi", internal = false, uses = ["database", "live_read"],
    concurrency = 250, pool = 4, cpu = 1, memory_mib = 512, timeout_s = 3600, min_instances = 0, max_instances = 10 }
  }
}

run "a_service_is_as_its_function_declares" {
  command = plan

  assert {
    condition     = google_cloud_run_v2_service.function["get-order"].template[0].max_instance_request_concurrency == 12
    error_message = "Concurrency."
  }
  assert {
    condition     = google_cloud_run_v2_service.function["tick"].template[0].containers[0].resources[0].limits.memory == "1024Mi"
    error_message = "Memory."
  }
  assert {
    condition     = google_cloud_run_v2_service.function["stream-order"].template[0].timeout == "3600s"
    error_message = "Timeout."
  }
  assert {
    condition     = alltrue([for s in google_cloud_run_v2_service.function : s.template[0].containers[0].resources[0].startup_cpu_boost])
    error_message = "Every start gets more CPU."
  }
  assert {
    condition     = contains([for e in google_cloud_run_v2_service.function["stream-order"].template[0].containers[0].env : "${e.name}=${e.value}"], "POOL_SIZE=4")
    error_message = "A stream's pool is smaller than its concurrency."
  }
}

run "only_the_load_balancer_reaches_public_services_and_only_named_callers_internal_ones" {
  command = plan

  assert {
    condition     = google_cloud_run_v2_service.function["get-order"].ingress == "INGRESS_TRAFFIC_INTERNAL_LOAD_BALANCER"
    error_message = "The world comes through the load balancer."
  }
  assert {
    condition     = google_cloud_run_v2_service.function["tick"].ingress == "INGRESS_TRAFFIC_INTERNAL_ONLY" && !google_cloud_run_v2_service.function["tick"].invoker_iam_disabled
    error_message = "The world never reaches a tick."
  }
  assert {
    condition     = [for m in google_cloud_run_v2_service_iam_member.caller : m.member] == ["serviceAccount:call-tasks@market-test.iam.gserviceaccount.com"]
    error_message = "Cloud Tasks, and nobody else."
  }
}

run "a_service_sees_the_secrets_of_what_it_uses_and_no_other" {
  command = plan

  assert {
    condition     = [for e in google_cloud_run_v2_service.function["get-order"].template[0].containers[0].env : e.value_source[0].secret_key_ref[0].secret if length(e.value_source) > 0] == ["database-url"]
    error_message = "Reading an order needs the database, and no vendor."
  }
}

run "an_internal_door_is_not_opened_by_naming_callers_of_a_public_service" {
  command = plan
  variables {
    callers = { get-order = { someone = "someone@market-test.iam.gserviceaccount.com" } }
  }
  expect_failures = [var.callers]
}

run "a_collector_stands_beside_each_service_when_it_is_wanted" {
  command = plan
  variables {
    collector_image = "us-docker.pkg.dev/cloud-ops-agents-artifacts/google-cloud-opentelemetry-collector/otelcol-google:0.135.0"
  }
  assert {
    condition     = alltrue([for s in google_cloud_run_v2_service.function : length(s.template[0].containers) == 2])
    error_message = "Two containers."
  }
}
