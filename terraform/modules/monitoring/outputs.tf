output "alerts" {
  description = "Names of all alerts."
  value = concat(
    [for policy in google_monitoring_alert_policy.threshold : policy.display_name],
    [for policy in google_monitoring_alert_policy.burn : policy.display_name],
    [google_monitoring_alert_policy.unreachable.display_name],
  )
}

output "runbooks" {
  description = "The sections of docs/operations.md that alerts lead to."
  value       = distinct(concat([for threshold in local.thresholds : threshold.runbook], ["errors-or-slow-answers", "region-failure"]))
}
