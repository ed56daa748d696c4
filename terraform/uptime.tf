# With api_access = iam Cloud Run turns it away, and with an allow list Cloud Armor does.
resource "google_monitoring_uptime_check_config" "api" {
  count = var.api_access == "public" && length(try(var.edge.allowed_ip_ranges, [])) == 0 ? 1 : 0

  display_name = "${var.prefix}: health of the API"
  period       = "60s"
  timeout      = "10s"

  http_check {
    path         = "/api/v1/health/"
    port         = 443
    use_ssl      = true
    validate_ssl = true
  }
  monitored_resource {
    type   = "uptime_url"
    labels = { project_id = var.project_id, host = trimprefix(local.api_url, "https://") }
  }

  depends_on = [google_project_service.api]
}

locals {
  # More than one of the places that it is asked from got no answer, as in
  # https://cloud.google.com/monitoring/uptime-checks/uptime-alerting-policies: one may be cut off itself.
  uptime_alerts = {
    for check in google_monitoring_uptime_check_config.api : "The API does not answer" => {
      severity = "CRITICAL"
      conditions = [{
        filter = join(" AND ", [
          "resource.type=\"uptime_url\"",
          "metric.type=\"monitoring.googleapis.com/uptime_check/check_passed\"",
          "metric.labels.check_id=\"${check.uptime_check_id}\"",
        ])
        aligner      = "ALIGN_NEXT_OLDER"
        reducer      = "REDUCE_COUNT_FALSE"
        over_seconds = 1200
        for_seconds  = 60
        threshold    = 1
      }]
    }
  }
}
