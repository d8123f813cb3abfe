variables {
  project_id   = "market-test"
  domain       = "market.example.com"
  alert_emails = ["oncall@example.com"]
  url_map      = "market"
  database     = { instance = "market", max_connections = 200 }
  dead_letters = "dead_letters"
}

run "every_alert_reaches_a_person_and_leads_to_a_runbook" {
  command = plan

  assert {
    condition     = alltrue([for p in google_monitoring_alert_policy.threshold : startswith(p.documentation[0].content, "Runbook: docs/operations.md#")])
    error_message = "An alert must say what to do."
  }
  assert {
    condition     = length(google_monitoring_notification_channel.email) == 1
    error_message = "Somebody must be told."
  }
  assert {
    condition     = google_monitoring_alert_policy.threshold["connections"].conditions[0].condition_threshold[0].threshold_value == 160
    error_message = "80 per cent of the connections."
  }
}

run "an_alert_to_nobody_is_refused" {
  command = plan
  variables {
    alert_emails = []
  }
  expect_failures = [var.alert_emails]
}

run "the_month_has_a_budget_when_one_is_named" {
  command = plan
  variables {
    budget = { billing_account = "000000-000000-000000", currency = "USD", units = 500 }
  }
  assert {
    condition     = google_billing_budget.month[0].amount[0].specified_amount[0].units == "500"
    error_message = "The budget is the one that was named."
  }
}
