# Every metric, as monitoring/grafana.json shows them to who runs it elsewhere.

locals {
  # `lines` are what a chart draws: a metric, how its values are put together, and by which labels. One that is
  # a share `of` another is of whole hours.
  charts = [
    {
      title  = "Links within ${local.link_seconds} s, of those asked for in an hour"
      target = local.link_goal
      lines = [{
        filter = local.links_in_time
        of     = local.links_requested
      }]
    },
    {
      title  = "Seconds to the link: half of them, and 99 of 100"
      target = local.link_seconds
      lines = [
        { filter = local.metric_filters.time_to_link_seconds, reducer = "REDUCE_PERCENTILE_50" },
        { filter = local.metric_filters.time_to_link_seconds, reducer = "REDUCE_PERCENTILE_99" },
      ]
    },
    {
      title = "Links asked for, and ready"
      lines = [{ filter = local.metric_filters.links_requested }, { filter = local.metric_filters.links_ready, by = ["in_time"] }]
    },
    {
      title = "Links waiting"
      lines = [{ filter = local.metric_filters.links_waiting, reducer = "REDUCE_MEAN" }]
    },
    {
      title  = "Seconds by which the oldest is overdue"
      target = local.metric_alerts["Meetings are overdue"].conditions[0].threshold
      lines  = [{ filter = local.metric_filters.oldest_due_seconds, reducer = "REDUCE_MEAN", by = ["kind"] }]
    },
    {
      title = "Sweeps a minute"
      lines = [{ filter = local.metric_filters.sweeps }]
    },
    {
      title = "Meetings failed"
      lines = [{ filter = local.metric_filters.meetings_failed, by = ["code"] }]
    },
    {
      title = "Tasks retried"
      lines = [{ filter = local.metric_filters.tasks_retried, by = ["function"] }]
    },
    {
      title = "What came of recordings"
      lines = [{ filter = local.metric_filters.recording_states, by = ["state", "reason"] }]
    },
    {
      title = "Records about to vanish"
      lines = [{ filter = local.metric_filters.records_expiring }]
    },
    {
      title = "Calls to Google"
      lines = [{ filter = local.metric_filters.google_calls, by = ["outcome"] }]
    },
    {
      title = "Seconds until Google answers: 99 of 100"
      lines = [{ filter = local.metric_filters.google_call_seconds, reducer = "REDUCE_PERCENTILE_99", by = ["method"] }]
    },
    {
      title = "Delegation: 1 is there"
      lines = [{ filter = local.metric_filters.delegation_state, reducer = "REDUCE_MEAN", by = ["api"] }]
    },
  ]

  # Monitoring does not keep what is empty, and Terraform would see a change each time.
  chart_lines = [for chart in local.charts : [for line in chart.lines : {
    filter = line.filter
    aggregation = {
      for name, value in {
        alignmentPeriod    = can(line.of) ? "3600s" : "60s"
        perSeriesAligner   = "ALIGN_DELTA"
        crossSeriesReducer = try(line.reducer, "REDUCE_SUM")
        groupByFields      = [for label in try(line.by, []) : "metric.labels.${label}"]
      } : name => value if length(value) > 0
    }
  }]]
}

resource "google_monitoring_dashboard" "meetings" {
  dashboard_json = jsonencode({
    displayName = "${var.prefix}: meetings"
    gridLayout = {
      columns = "2"
      widgets = [for i, chart in local.charts : {
        title = chart.title
        xyChart = {
          for name, value in {
            thresholds = [for target in try([chart.target], []) : { value = target }]
            dataSets = [for j, line in chart.lines : {
              plotType = "LINE"
              timeSeriesQuery = {
                for name, query in {
                  timeSeriesFilter = local.chart_lines[i][j]
                  timeSeriesFilterRatio = {
                    numerator   = local.chart_lines[i][j]
                    denominator = merge(local.chart_lines[i][j], { filter = try(line.of, "") })
                  }
                } : name => query if can(line.of) == (name == "timeSeriesFilterRatio")
              }
            }]
          } : name => value if length(value) > 0
        }
      }]
    }
  })
}
