variables {
  functions = [
    { name = "get_order", flavour = "wsgi", process = "api", internal = false, uses = ["database"], concurrency = 12, pool = 12,
    min_instances = 1, max_instances = 5, cpu = 1, memory_mib = 512, timeout_s = 30 },
    { name = "cancel_order", flavour = "wsgi", process = "api", internal = false, uses = ["database", "payments"], concurrency = 4,
    pool = 4, min_instances = 0, max_instances = 2, cpu = 1, memory_mib = 512, timeout_s = 30 },
    { name = "relay_outbox", flavour = "wsgi", process = "api", internal = true, uses = ["database", "messages"], concurrency = 1,
    pool = 1, min_instances = 0, max_instances = 1, cpu = 1, memory_mib = 512, timeout_s = 60 },
    { name = "stream_order", flavour = "asgi", process = "stream", internal = false, uses = ["live_read"], concurrency = 250,
    pool = 4, min_instances = 0, max_instances = 10, cpu = 1, memory_mib = 512, timeout_s = 3600 },
  ]
}

run "each_function_has_a_service_of_its_own" {
  command = plan

  assert {
    condition     = keys(output.services) == ["cancel-order", "get-order", "relay-outbox", "stream-order"]
    error_message = "One service per function, named after it."
  }
  assert {
    condition     = output.connections == 5 * 12 + 2 * 4 + 1 + 10 * 4
    error_message = "Connections are instances times pool, over all services."
  }
}

run "a_group_shares_a_process_but_never_the_side_of_the_door" {
  command = plan
  variables {
    grouping = "process"
  }

  assert {
    condition     = keys(output.services) == ["internal-api", "public-api", "public-stream"]
    error_message = "What only the platform calls stays apart from what the world calls, and streams from the rest."
  }
  assert {
    condition     = output.services["public-api"].uses == tolist(["database", "payments"])
    error_message = "A group is granted what its members use, together."
  }
  assert {
    condition     = output.services["public-api"].max_instances == 3 && output.services["public-api"].concurrency == 12
    error_message = "A group is as roomy as its roomiest member."
  }
}

run "a_development_market_sleeps_when_nobody_calls" {
  command = plan
  variables {
    always_warm = false
  }
  assert {
    condition     = alltrue([for s in output.services : s.min_instances == 0])
    error_message = "Nothing may be kept warm."
  }
}
