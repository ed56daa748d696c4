# What plans/ does not say of the options: values, and what is refused.

mock_provider "archive" {}
mock_provider "time" {}
mock_provider "google" {
  mock_data "google_project" {
    defaults = { number = "123456789012" }
  }
}

variables {
  project_id     = "clinic-production"
  deployer_email = "meet-deploy@clinic-production.iam.gserviceaccount.com"
}

run "every_option" {
  variables {
    auto_recording    = true
    budget            = { billing_account = "012345-6789AB-CDEF01", currency_code = "EUR", monthly_amount = 100 }
    edge              = { domain = "meet.clinica.com" }
    github            = { repository = "clinica/meet-middleware" }
    recording_bucket  = { name = "clinic-recordings", delete_age_days = 30 }
    recording_share   = { emails = ["archive@clinica.com"], days = 90 }
    sentry_dsn_secret = { secret = "sentry", version = "2" }
    traces            = true
    workspace         = { delegate_email = "frontdesk@clinica.com", domains = ["clinica.com", "clinica.es"] }
  }
  assert {
    condition     = [for name in ["AUTO_RECORDING", "RECORDING_SHARE_DAYS", "RECORDING_SHARE_WITH", "WORKSPACE_DELEGATE", "WORKSPACE_DOMAINS"] : google_cloudfunctions2_function.function["sync_recording"].service_config[0].environment_variables[name]] == ["on", "90", "archive@clinica.com", "frontdesk@clinica.com", "clinica.com,clinica.es"]
    error_message = "The variables are the settings."
  }
  assert {
    condition     = google_cloudfunctions2_function.function["sync_recording"].service_config[0].environment_variables.RECORDING_BUCKET == google_storage_bucket.recordings[0].name && google_cloudfunctions2_function.function["api"].service_config[0].environment_variables.SERVICE_ACCOUNT_EMAIL == "meet-workspace@clinic-production.iam.gserviceaccount.com"
    error_message = "The settings name what was made."
  }
  assert {
    condition     = [for scope in split(",", output.delegation_scopes) : basename(scope)] == ["calendar.events", "drive.meet.readonly", "meetings.space.readonly", "meetings.space.settings", "drive"]
    error_message = "What is wanted of Meet and Drive needs its scopes."
  }
  assert {
    condition     = anytrue([for rule in google_storage_bucket.recordings[0].lifecycle_rule : try([for condition in rule.condition : condition.age][0] == 30, false)])
    error_message = "Copies are deleted after so many days."
  }
  assert {
    condition     = output.api_url == "https://meet.clinica.com" && google_cloudfunctions2_function.function["api"].service_config[0].environment_variables.OIDC_AUDIENCES == "https://meet-api-123456789012.europe-west1.run.app,https://meet.clinica.com"
    error_message = "XOMA calls the domain, with a token made out to it or to the service."
  }
  assert {
    condition     = google_monitoring_uptime_check_config.api[0].monitored_resource[0].labels.host == "meet.clinica.com"
    error_message = "Google asks there too."
  }
  assert {
    condition     = google_compute_url_map.redirect["api"].default_url_redirect[0].https_redirect && google_compute_global_forwarding_rule.http["api"].target == google_compute_target_http_proxy.redirect["api"].id
    error_message = "HTTP is sent on to HTTPS."
  }
  assert {
    condition     = google_billing_budget.monthly[0].budget_filter[0].projects == toset(["projects/123456789012"])
    error_message = "The budget is this project's alone."
  }
  assert {
    condition     = alltrue([for f in google_cloudfunctions2_function.function : f.service_config[0].environment_variables.OTLP_TRACES_ENDPOINT == "https://telemetry.googleapis.com/v1/traces"])
    error_message = "Every function sends its traces to Cloud Trace."
  }
  assert {
    condition     = alltrue([for function in google_cloudfunctions2_function.function : [for given in function.service_config[0].secret_environment_variables : [given.key, given.project_id, given.secret, given.version]] == [["SENTRY_DSN", var.project_id, var.sentry_dsn_secret.secret, "2"]]])
    error_message = "Every function reads the DSN from the secret."
  }
}

run "closed_by_iam" {
  command = plan
  variables {
    api_access = "iam"
  }
  assert {
    condition     = google_cloudfunctions2_function.function["api"].service_config[0].environment_variables.AUTH == "iam"
    error_message = "The code knows that Cloud Run has verified the token."
  }
  assert {
    condition     = length(google_monitoring_uptime_check_config.api) == 0 && !contains(keys(google_monitoring_alert_policy.alert), "The API does not answer")
    error_message = "Cloud Run would turn Google's question away."
  }
  assert {
    condition     = length(google_monitoring_notification_channel.email) == 0 && length(google_monitoring_alert_policy.alert) > 10
    error_message = "The alerts are in the console without a mail."
  }
}

run "closed_by_an_allow_list" {
  command = plan
  variables {
    edge = { domain = "meet.clinica.com", allowed_ip_ranges = ["203.0.113.0/24"] }
  }
  assert {
    condition     = length(google_monitoring_uptime_check_config.api) == 0
    error_message = "Cloud Armor would turn Google's question away."
  }
}

run "typos" {
  command = plan
  variables {
    alert_emails              = ["it at clinica.com"]
    api_access                = "pubic"
    calendar_tasks_per_second = 600
    deployer_email            = null
    edge                      = { domain = "https://meet.clinica.com" }
    github                    = { repository = "clinica/meet-middleware" }
    instances                 = { sync-calendar = { min = 0, max = 5 } }
    log_level                 = "info"
    prefix                    = "Meet"
    region                    = "europe"
    sentry_dsn_secret         = { secret = "sentry", version = "latest" }
    workspace                 = { delegate_email = "frontdesk@elsewhere.com", domains = ["clinica.com"] }
  }
  expect_failures = [
    var.alert_emails, var.api_access, var.calendar_tasks_per_second, var.edge, var.github, var.instances,
    var.log_level, var.prefix, var.region, var.sentry_dsn_secret, var.workspace,
  ]
}

run "share_without_workspace" {
  command = plan
  variables {
    recording_share = { emails = ["archive@clinica.com"] }
  }
  expect_failures = [var.workspace]
}
