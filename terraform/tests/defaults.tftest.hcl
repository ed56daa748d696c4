# What plans/ does not say: the values of what is set, and what only an apply makes.

mock_provider "archive" {}
mock_provider "time" {}
mock_provider "google" {
  mock_data "google_project" {
    defaults = { number = "123456789012" }
  }
}

variables {
  project_id   = "clinic-staging"
  prefix       = "clinic"
  alert_emails = ["it@clinica.com", "frontdesk@clinica.com"]
}

# One run for all that the same variables lead to: a run is what takes the time.
run "the_defaults" {
  assert {
    condition     = length(distinct([for f in google_cloudfunctions2_function.function : f.build_config[0].source[0].storage_source[0].object])) == 1
    error_message = "All functions are of one archive."
  }
  assert {
    condition     = alltrue([for f in google_cloudfunctions2_function.function : f.service_config[0].environment_variables.THREADS == tostring(f.service_config[0].max_instance_request_concurrency)])
    error_message = "A function has as many threads as requests at once."
  }
  assert {
    condition     = google_cloudfunctions2_function.function["api"].service_config[0].environment_variables.AUTH == "oidc"
    error_message = "A public api verifies every caller's token itself."
  }
  assert {
    condition     = alltrue([for f in google_cloudfunctions2_function.function : f.service_config[0].environment_variables.SYNC_CALENDAR_URL == "https://clinic-sync-calendar-123456789012.europe-west1.run.app"])
    error_message = "A function knows another's URL beforehand."
  }
  assert {
    condition     = google_cloud_scheduler_job.sweep.http_target[0].oidc_token[0].audience == google_cloudfunctions2_function.function["sweep"].service_config[0].environment_variables.SWEEP_URL
    error_message = "The scheduler's token is made out to the URL that sweep takes for its own."
  }
  assert {
    condition     = output.api_url == "https://clinic-api-123456789012.europe-west1.run.app" && output.delegation_scopes == "https://www.googleapis.com/auth/calendar.events,https://www.googleapis.com/auth/drive.meet.readonly,https://www.googleapis.com/auth/meetings.space.readonly"
    error_message = "The outputs are XOMA's URL and the scopes that the defaults need."
  }
  assert {
    condition     = length(google_firestore_index.query) == length(jsondecode(file("../firestore.indexes.json")).indexes)
    error_message = "Every index of the file is there: two may have one key."
  }
  assert {
    condition     = join(" ", [for field in google_firestore_index.query["meetings/participant_emails:CONTAINS,scheduled_start:DESCENDING"].fields : "${field.field_path}:${try(coalesce(field.array_config), field.order)}"]) == "participant_emails:CONTAINS scheduled_start:DESCENDING"
    error_message = "An index has the fields of the file, in their order."
  }
  assert {
    condition     = length(google_firestore_field.override) == length(jsondecode(file("../firestore.indexes.json")).fieldOverrides) && alltrue([for field in google_firestore_field.override : length(field.index_config) == 1 && length(field.index_config[0].indexes) == 0])
    error_message = "What is never asked for has no index."
  }

  # Metrics
  assert {
    condition     = length(google_logging_metric.metric) == length(jsondecode(file("../monitoring/metrics.json")))
    error_message = "Every metric of the file is there."
  }
  assert {
    condition     = google_logging_metric.metric["links_ready"].filter == "resource.type=\"cloud_run_revision\" AND resource.labels.service_name=(\"clinic-api\" OR \"clinic-sweep\" OR \"clinic-sync-calendar\" OR \"clinic-sync-recording\") AND jsonPayload.message=\"link ready\""
    error_message = "A counter counts a line of our functions, and of no other."
  }
  assert {
    condition     = google_logging_metric.metric["links_ready"].metric_descriptor[0].value_type == "INT64" && google_logging_metric.metric["links_ready"].label_extractors == tomap({ in_time = "EXTRACT(jsonPayload.in_time)" }) && [for label in google_logging_metric.metric["links_ready"].metric_descriptor[0].labels : label.key] == ["in_time"]
    error_message = "A counter has its labels of the line."
  }
  assert {
    condition     = endswith(google_logging_metric.metric["time_to_link_seconds"].filter, " AND jsonPayload.message=\"link ready\" AND jsonPayload.seconds:*") && google_logging_metric.metric["time_to_link_seconds"].value_extractor == "EXTRACT(jsonPayload.seconds)" && google_logging_metric.metric["time_to_link_seconds"].metric_descriptor[0].unit == "s"
    error_message = "A distribution is of the lines that have its value."
  }
  assert {
    condition     = google_logging_metric.metric["time_to_link_seconds"].bucket_options[0].explicit_buckets[0].bounds == tolist(jsondecode(file("../monitoring/metrics.json")).time_to_link_seconds.bounds)
    error_message = "The bounds are the file's."
  }
  assert {
    condition     = google_logging_metric.metric["delegation_state"].metric_descriptor[0].value_type == "DISTRIBUTION" && google_logging_metric.metric["delegation_state"].value_extractor == "EXTRACT(jsonPayload.delegated)" && length(google_logging_metric.metric["delegation_state"].bucket_options) == 1
    error_message = "A gauge is a distribution of what the lines say."
  }

  # What is promised, and the alerts
  assert {
    condition     = google_monitoring_slo.links.display_name == "99.9 % of links within 10 s" && google_monitoring_slo.links.request_based_sli[0].good_total_ratio[0].total_service_filter == "resource.type=\"cloud_run_revision\" AND metric.type=\"logging.googleapis.com/user/clinic/links_requested\""
    error_message = "The links in time, of all that were asked for."
  }
  assert {
    condition     = [for condition in google_monitoring_alert_policy.alert["Links are late"].conditions : condition.condition_threshold[0].filter] == [for seconds in [3600, 300] : "select_slo_burn_rate(\"projects/clinic-staging/services/clinic-meetings/serviceLevelObjectives/links-in-time\", \"${seconds}s\")"] && google_monitoring_alert_policy.alert["Links are late"].combiner == "AND"
    error_message = "It burns over the long window and still does in the short one."
  }
  assert {
    condition     = google_monitoring_alert_policy.alert["The sweep does not run"].conditions[0].condition_prometheus_query_language[0].query == "absent_over_time(logging_googleapis_com:user_clinic_sweeps{monitored_resource=\"cloud_run_revision\"}[5m])"
    error_message = "Sweeps that never were are absent too."
  }
  assert {
    condition     = alltrue([for policy in google_monitoring_alert_policy.alert : length(setsubtract(flatten(regexall("\\$\\{?([A-Z_]+)", policy.documentation[0].content)), ["TOKEN"])) == 0])
    error_message = "A command is ready to paste."
  }
  assert {
    condition     = strcontains(google_monitoring_alert_policy.alert["The sweep does not run"].documentation[0].content, "gcloud scheduler jobs describe \"clinic-sweep\" --project=\"clinic-staging\" --location=\"europe-west1\"")
    error_message = "A command names this deployment."
  }
  assert {
    condition     = strcontains(google_monitoring_alert_policy.alert["Links keep waiting"].documentation[0].content, "TOKEN=\"$(gcloud auth print-identity-token --audiences=\"https://clinic-api-123456789012.europe-west1.run.app\"") && strcontains(google_monitoring_alert_policy.alert["Links keep waiting"].documentation[0].content, "Bearer $TOKEN\"")
    error_message = "What is the shell's own stays."
  }
  assert {
    condition     = strcontains(google_monitoring_alert_policy.alert["The delegation is missing"].documentation[0].content, google_service_account.delegation.unique_id) && strcontains(google_monitoring_alert_policy.alert["The delegation is missing"].documentation[0].content, "https://www.googleapis.com/auth/calendar.events,https://")
    error_message = "What to paste in the Admin console is in the mail."
  }
  assert {
    condition     = toset([for channel in google_monitoring_notification_channel.email : channel.labels.email_address]) == toset(["it@clinica.com", "frontdesk@clinica.com"]) && alltrue([for policy in google_monitoring_alert_policy.alert : toset(policy.notification_channels) == toset([for channel in google_monitoring_notification_channel.email : channel.id])])
    error_message = "Every alert reaches everybody who is named."
  }
  assert {
    condition     = google_monitoring_uptime_check_config.api[0].http_check[0].path == "/api/v1/health/" && google_monitoring_uptime_check_config.api[0].monitored_resource[0].labels.host == "clinic-api-123456789012.europe-west1.run.app"
    error_message = "Google asks whether the API is there."
  }
  assert {
    condition     = google_monitoring_alert_policy.alert["The API does not answer"].conditions[0].condition_threshold[0].filter == "resource.type=\"uptime_url\" AND metric.type=\"monitoring.googleapis.com/uptime_check/check_passed\" AND metric.labels.check_id=\"${google_monitoring_uptime_check_config.api[0].uptime_check_id}\""
    error_message = "The alert is of this check, whose id no plan knows beforehand."
  }

  # The dashboard
  assert {
    condition     = [for chart in jsondecode(google_monitoring_dashboard.meetings.dashboard_json).gridLayout.widgets : chart.title if length(chart.xyChart.dataSets) == 0] == []
    error_message = "Every chart draws something."
  }
  assert {
    condition     = jsondecode(google_monitoring_dashboard.meetings.dashboard_json).gridLayout.widgets[0].xyChart.dataSets[0].timeSeriesQuery.timeSeriesFilterRatio.numerator.filter == google_monitoring_slo.links.request_based_sli[0].good_total_ratio[0].good_service_filter && jsondecode(google_monitoring_dashboard.meetings.dashboard_json).gridLayout.widgets[0].xyChart.dataSets[0].timeSeriesQuery.timeSeriesFilterRatio.denominator.filter == google_monitoring_slo.links.request_based_sli[0].good_total_ratio[0].total_service_filter
    error_message = "The first chart shows what is promised."
  }
}
