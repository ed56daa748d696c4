locals {
  # So many of the links that are asked for are there within so many seconds, which LINK_TARGET has in the code.
  link_goal       = 0.999
  link_seconds    = 10
  links_in_time   = "${local.metric_filters.links_ready} AND metric.labels.in_time=\"yes\""
  links_requested = local.metric_filters.links_requested
}

resource "google_monitoring_custom_service" "meetings" {
  service_id   = "${var.prefix}-meetings"
  display_name = "${var.prefix}: meetings"

  depends_on = [google_project_service.api]
}

resource "google_monitoring_slo" "links" {
  service             = google_monitoring_custom_service.meetings.service_id
  slo_id              = "links-in-time"
  display_name        = "${local.link_goal * 100} % of links within ${local.link_seconds} s"
  goal                = local.link_goal
  rolling_period_days = 28

  request_based_sli {
    good_total_ratio {
      good_service_filter  = local.links_in_time
      total_service_filter = local.links_requested
    }
  }
}

# A burn rate of 1 has used up all that may be late by the end of the 28 days. The long window says that it matters,
# the short one that it still goes on: https://sre.google/workbook/alerting-on-slos/. The workbook's last row looks
# back three days; an alert policy can look back one:
# https://cloud.google.com/stackdriver/docs/solutions/slo-monitoring/alerting-on-budget-burn-rate#alert-lookbacks
locals {
  burn_rates = {
    # 2 % of what may be late, in one hour.
    "Links are late" = { severity = "CRITICAL", rate = 14.4, windows_seconds = [3600, 300] }
    # 5 % of it in six hours.
    "Links were late for hours" = { severity = "ERROR", rate = 6, windows_seconds = [21600, 1800] }
    # A tenth of it in a day.
    "Links were late all day" = { severity = "WARNING", rate = 3, windows_seconds = [86400, 7200] }
  }

  # Made of what a plan knows, as `name` is not: https://cloud.google.com/stackdriver/docs/solutions/slo-monitoring/api/timeseries-selectors
  _slo = join("/", [
    "projects", var.project_id,
    "services", google_monitoring_slo.links.service,
    "serviceLevelObjectives", google_monitoring_slo.links.slo_id,
  ])

  burn_alerts = {
    for name, burn in local.burn_rates : name => {
      severity = burn.severity
      conditions = [for seconds in burn.windows_seconds : {
        filter    = "select_slo_burn_rate(\"${local._slo}\", \"${seconds}s\")"
        threshold = burn.rate
        # A link is asked for seconds before it is ready: between the two it is late only where it stays so.
        for_seconds = 180
      }]
    }
  }
}
