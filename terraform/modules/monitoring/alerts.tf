# Each alert tells what to do; the runbooks in docs/operations.md say how.
locals {
  thresholds = {
    dead_letters = {
      name     = "Messages could not be delivered"
      runbook  = "dead-letters"
      filter   = "metric.type=\"pubsub.googleapis.com/subscription/num_undelivered_messages\" resource.type=\"pubsub_subscription\" resource.label.subscription_id=\"${var.dead_letters}\""
      aligner  = "ALIGN_MAX"
      reducer  = "REDUCE_SUM"
      above    = 0
      duration = "60s"
    }
    backlog = {
      name     = "A consumer has fallen five minutes behind"
      runbook  = "stuck-orders"
      filter   = "metric.type=\"pubsub.googleapis.com/subscription/oldest_unacked_message_age\" resource.type=\"pubsub_subscription\" resource.label.subscription_id!=\"${var.dead_letters}\""
      aligner  = "ALIGN_MAX"
      reducer  = "REDUCE_MAX"
      above    = 300
      duration = "120s"
    }
    connections = {
      name     = "The database runs out of connections"
      runbook  = "database-connections"
      filter   = "metric.type=\"cloudsql.googleapis.com/database/postgresql/num_backends\" resource.type=\"cloudsql_database\" resource.label.database_id=\"${var.project_id}:${var.database.instance}\""
      aligner  = "ALIGN_MAX"
      reducer  = "REDUCE_SUM"
      above    = floor(0.8 * var.database.max_connections)
      duration = "60s"
    }
    disk = {
      name     = "The database's disk is nearly full"
      runbook  = "database-connections"
      filter   = "metric.type=\"cloudsql.googleapis.com/database/disk/utilization\" resource.type=\"cloudsql_database\" resource.label.database_id=\"${var.project_id}:${var.database.instance}\""
      aligner  = "ALIGN_MAX"
      reducer  = "REDUCE_MAX"
      above    = 0.85
      duration = "300s"
    }
    jobs = {
      name     = "A job failed"
      runbook  = "bad-migration"
      filter   = "metric.type=\"run.googleapis.com/job/completed_execution_count\" resource.type=\"cloud_run_job\" metric.label.result=\"failed\""
      aligner  = "ALIGN_DELTA"
      reducer  = "REDUCE_SUM"
      above    = 0
      duration = "0s"
    }
    ticks = {
      name     = "Dispatch ticks fail"
      runbook  = "stuck-orders"
      filter   = "metric.type=\"cloudtasks.googleapis.com/queue/task_attempt_count\" resource.type=\"cloud_tasks_queue\" metric.label.response_code!=\"ok\" resource.label.queue_id=\"dispatch\""
      aligner  = "ALIGN_DELTA"
      reducer  = "REDUCE_SUM"
      above    = 20
      duration = "120s"
    }
  }
}

resource "google_monitoring_alert_policy" "threshold" {
  for_each              = local.thresholds
  project               = var.project_id
  display_name          = each.value.name
  combiner              = "OR"
  severity              = "ERROR"
  notification_channels = local.channels

  documentation {
    mime_type = "text/markdown"
    content   = "Runbook: docs/operations.md#${each.value.runbook}"
  }

  conditions {
    display_name = each.value.name

    condition_threshold {
      filter          = each.value.filter
      comparison      = "COMPARISON_GT"
      threshold_value = each.value.above
      duration        = each.value.duration

      aggregations {
        alignment_period     = "60s"
        per_series_aligner   = each.value.aligner
        cross_series_reducer = each.value.reducer
      }
    }
  }
}

# Burning the month's error budget: 14 times too fast for an hour wakes somebody, 3 times for six hours can wait for the day.
# Google's SRE Workbook, chapter 5, "Alerting on SLOs".
locals {
  burns = {
    for pair in setproduct(["availability", "latency"], ["fast", "slow"]) : "${pair[0]}_${pair[1]}" => {
      slo      = pair[0]
      speed    = pair[1]
      rate     = pair[1] == "fast" ? 14 : 3
      window   = pair[1] == "fast" ? "3600s" : "21600s"
      severity = pair[1] == "fast" ? "CRITICAL" : "WARNING"
    }
  }
  slos = { availability = google_monitoring_slo.availability.name, latency = google_monitoring_slo.latency.name }
}

resource "google_monitoring_alert_policy" "burn" {
  for_each              = local.burns
  project               = var.project_id
  display_name          = "The budget for ${each.value.slo} burns ${each.value.rate} times too fast"
  combiner              = "OR"
  severity              = each.value.severity
  notification_channels = local.channels

  documentation {
    mime_type = "text/markdown"
    content   = "Runbook: docs/operations.md#errors-or-slow-answers"
  }

  conditions {
    display_name = "Burn rate over ${each.value.window}"

    condition_threshold {
      filter          = "select_slo_burn_rate(\"${local.slos[each.value.slo]}\", \"${each.value.window}\")"
      comparison      = "COMPARISON_GT"
      threshold_value = each.value.rate
      duration        = "0s"
    }
  }
}
