variables {
  project_id     = "market-test"
  project_number = "123456789"
  topics         = ["order_events"]
  caller         = "push@market-test.iam.gserviceaccount.com"
  subscriptions = {
    order_events-project_tracking = {
      topic = "order_events"
      url   = "https://project-tracking-123456789.us-south1.run.app"
      path  = "/internal/events/project_tracking"
    }
    order_events-wake_dispatch = {
      topic = "order_events"
      url   = "https://wake-dispatch-123456789.us-south1.run.app"
      path  = "/internal/events/wake_dispatch"
      types = ["order_accepted", "goods_ready"]
    }
  }
}

run "messages_arrive_in_order_signed_and_never_vanish" {
  command = plan

  assert {
    condition     = alltrue([for s in google_pubsub_subscription.push : s.enable_message_ordering])
    error_message = "Messages of one order must arrive in order."
  }
  assert {
    condition     = alltrue([for s in google_pubsub_subscription.push : s.dead_letter_policy[0].max_delivery_attempts == 10])
    error_message = "A message that fails for ever must end among the dead letters."
  }
  assert {
    condition     = google_pubsub_subscription.push["order_events-project_tracking"].push_config[0].oidc_token[0].audience == "https://project-tracking-123456789.us-south1.run.app"
    error_message = "A token is for the service that is called, and for no other."
  }
}

run "a_consumer_hears_only_the_types_it_asked_for" {
  command = plan

  assert {
    condition     = google_pubsub_subscription.push["order_events-wake_dispatch"].filter == "attributes.type = \"order_accepted\" OR attributes.type = \"goods_ready\""
    error_message = "The filter names each type."
  }
  assert {
    condition     = google_pubsub_subscription.push["order_events-project_tracking"].filter == null
    error_message = "A consumer without types hears everything."
  }
}

run "a_subscription_to_nothing_is_refused" {
  command = plan
  variables {
    topics = []
  }
  expect_failures = [var.subscriptions]
}
