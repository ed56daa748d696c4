# What sends a mail, by the heading of docs/runbook.md that says what to do. All conditions of an alert must be
# met. `over_seconds` is the window that is looked at; `for_seconds` is how long the condition must last.

locals {
  # What infra/google_errors.py takes for an answer, and not for a failure.
  _normal_outcomes = ["ok", "changed", "deleted", "duplicate", "not_found"]
  _failed_calls = join(" AND ", concat(
    [local.metric_filters.google_calls],
    [for outcome in local._normal_outcomes : "metric.labels.outcome!=\"${outcome}\""],
  ))

  _api_requests = "resource.type=\"cloud_run_revision\" AND metric.type=\"run.googleapis.com/request_count\" AND resource.labels.service_name=\"${local.services["api"]}\""
  _api_errors   = "${local._api_requests} AND metric.labels.response_code_class=\"5xx\""

  metric_alerts = {
    # Ten sweeps have not given a task to what is due: it is no late minute.
    "Meetings are overdue" = {
      severity = "CRITICAL"
      conditions = [{
        filter       = local.metric_filters.oldest_due_seconds
        reducer      = "REDUCE_MEAN"
        group_by     = ["kind"]
        over_seconds = 300
        threshold    = 600
      }]
    }
    # One that has waited for more than a minute is there at every sweep of half an hour: what fails now and
    # then is tried again and through by then.
    "Links keep waiting" = {
      severity = "ERROR"
      conditions = [{
        filter       = local.metric_filters.links_waiting
        reducer      = "REDUCE_MEAN"
        over_seconds = 120
        for_seconds  = 1800
        threshold    = 0
      }]
    }
    # Every call says 1 unless the delegation is missing: a single 0 lowers the mean.
    "The delegation is missing" = {
      severity = "CRITICAL"
      conditions = [{
        filter       = local.metric_filters.delegation_state
        reducer      = "REDUCE_MEAN"
        group_by     = ["api"]
        over_seconds = 600
        comparison   = "COMPARISON_LT"
        threshold    = 1
      }]
    }
    # Nothing tries it again by itself.
    "Meetings fail" = {
      severity = "ERROR"
      conditions = [{
        filter = local.metric_filters.meetings_failed, group_by = ["code"], over_seconds = 600, threshold = 0
      }]
    }
    # Five days are left, and nobody can get the records back afterwards.
    "Records are about to vanish" = {
      severity = "ERROR"
      conditions = [{
        filter = local.metric_filters.records_expiring, over_seconds = 600, threshold = 0
      }]
    }
    # One in ten is more than one mailbox's trouble; ten of them are no accident of a quiet hour.
    "Google's calls fail" = {
      severity = "WARNING"
      conditions = [
        { filter = local._failed_calls, of = local.metric_filters.google_calls, over_seconds = 600, threshold = 0.1 },
        { filter = local._failed_calls, over_seconds = 600, threshold = 10 },
      ]
    }
    # A task that fails comes a dozen times in its first ten minutes: more than four of them are stuck.
    "Tasks are retried" = {
      severity = "WARNING"
      conditions = [{
        filter = local.metric_filters.tasks_retried, group_by = ["function"], over_seconds = 600, threshold = 50
      }]
    }
    # One in a hundred, and more than an instance that dies leaves behind.
    "The API answers 5xx" = {
      severity = "ERROR"
      conditions = [
        { filter = local._api_errors, of = local._api_requests, over_seconds = 300, threshold = 0.01 },
        { filter = local._api_errors, over_seconds = 300, threshold = 5 },
      ]
    }
  }

  # A condition of Google's that a metric is absent needs it to have been there once:
  # https://cloud.google.com/monitoring/alerts/metric-absence. PromQL's does not. Five sweeps in a row did not
  # go through.
  promql_alerts = {
    "The sweep does not run" = {
      severity   = "CRITICAL"
      conditions = [{ query = "absent_over_time(${local.promql_metrics.sweeps}[5m])", for_seconds = 60 }]
    }
  }

  alerts = merge(local.burn_alerts, local.metric_alerts, local.uptime_alerts, local.promql_alerts)
}

resource "google_monitoring_alert_policy" "alert" {
  for_each = local.alerts

  display_name          = "${var.prefix}: ${each.key}"
  severity              = each.value.severity
  combiner              = "AND"
  notification_channels = [for channel in google_monitoring_notification_channel.email : channel.id]

  dynamic "conditions" {
    for_each = each.value.conditions
    content {
      display_name = "${each.key} (${conditions.key + 1})"

      # What a condition is, is known before its filter may be: `can` would not be.
      dynamic "condition_threshold" {
        for_each = contains(keys(conditions.value), "filter") ? [conditions.value] : []
        iterator = it
        content {
          filter             = it.value.filter
          denominator_filter = try(it.value.of, null)
          comparison         = try(it.value.comparison, "COMPARISON_GT")
          threshold_value    = it.value.threshold
          duration           = "${try(it.value.for_seconds, 0)}s"

          # A burn rate has been added up already.
          dynamic "aggregations" {
            for_each = can(it.value.over_seconds) ? [it.value] : []
            content {
              alignment_period     = "${aggregations.value.over_seconds}s"
              per_series_aligner   = try(aggregations.value.aligner, "ALIGN_DELTA")
              cross_series_reducer = try(aggregations.value.reducer, "REDUCE_SUM")
              group_by_fields      = [for label in try(aggregations.value.group_by, []) : "metric.labels.${label}"]
            }
          }
          dynamic "denominator_aggregations" {
            for_each = can(it.value.of) ? [it.value] : []
            content {
              alignment_period     = "${denominator_aggregations.value.over_seconds}s"
              per_series_aligner   = "ALIGN_DELTA"
              cross_series_reducer = "REDUCE_SUM"
            }
          }
        }
      }

      dynamic "condition_prometheus_query_language" {
        for_each = can(conditions.value.query) ? [conditions.value] : []
        content {
          query               = condition_prometheus_query_language.value.query
          duration            = "${condition_prometheus_query_language.value.for_seconds}s"
          evaluation_interval = "60s"
          # The metric has no data before the first sweep.
          disable_metric_validation = true
        }
      }
    }
  }

  # What is counted when it happens has no data once it does not: it is over half an hour after the last time.
  alert_strategy {
    auto_close = "1800s"
  }

  documentation {
    content   = local.runbook[each.key]
    mime_type = "text/markdown"
  }

  lifecycle {
    precondition {
      condition     = length(local.runbook[each.key]) <= 8192
      error_message = "A section of docs/runbook.md is longer than the 8,192 characters that an alert takes."
    }
  }
}
