mock_provider "archive" {}
mock_provider "google" {
  mock_data "google_project" {
    defaults = { number = "123456789012" }
  }
}

variables {
  project_id     = "clinic-production"
  deployer_email = "meet-deploy@clinic-production.iam.gserviceaccount.com"
  workspace = {
    delegate_email = "frontdesk@clinica.com"
    domains        = ["clinica.com", "clinica.es"]
  }
}

run "live_with_every_option_of_meet" {
  variables {
    auto_recording   = true
    recording_bucket = { name = "clinic-recordings", delete_age_days = 30 }
    recording_share  = { emails = ["archive@clinica.com"], days = 90 }
  }
  assert {
    condition     = [for name in ["AUTO_RECORDING", "RECORDING_SHARE_DAYS", "RECORDING_SHARE_WITH", "WORKSPACE_DELEGATE", "WORKSPACE_DOMAINS"] : google_cloudfunctions2_function.function["sync_recording"].service_config[0].environment_variables[name]] == ["on", "90", "archive@clinica.com", "frontdesk@clinica.com", "clinica.com,clinica.es"]
    error_message = "The variables are the settings."
  }
  assert {
    condition     = google_cloudfunctions2_function.function["sync_recording"].service_config[0].environment_variables.RECORDING_BUCKET == google_storage_bucket.recordings[0].name && google_cloudfunctions2_function.function["api"].service_config[0].environment_variables.SERVICE_ACCOUNT_EMAIL == google_service_account.delegation.email
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
}

run "behind_a_load_balancer" {
  variables {
    edge = { domain = "meet.clinica.com", allowed_ip_ranges = ["203.0.113.0/24"] }
  }
  assert {
    condition     = google_cloudfunctions2_function.function["api"].service_config[0].ingress_settings == "ALLOW_INTERNAL_AND_GCLB"
    error_message = "Nobody goes round the load balancer."
  }
  assert {
    condition     = output.api_url == "https://meet.clinica.com" && google_cloudfunctions2_function.function["api"].service_config[0].environment_variables.OIDC_AUDIENCES == "https://meet-api-123456789012.europe-west1.run.app,https://meet.clinica.com"
    error_message = "XOMA calls the domain, with a token made out to it or to the service."
  }
  assert {
    condition     = { for rule in google_compute_security_policy.edge["api"].rule : rule.action => join(" ", rule.match[0].config[0].src_ip_ranges) if rule.priority >= 1000 } == { throttle = "203.0.113.0/24", "deny(403)" = "*" }
    error_message = "Who is not on the list is denied."
  }
  assert {
    condition     = google_compute_url_map.redirect["api"].default_url_redirect[0].https_redirect && google_compute_global_forwarding_rule.http["api"].target == google_compute_target_http_proxy.redirect["api"].id
    error_message = "HTTP is sent on to HTTPS."
  }
  assert {
    condition     = contains(keys(google_project_service.api), "compute.googleapis.com")
    error_message = "A load balancer needs its API."
  }
}

run "budget_and_github" {
  variables {
    budget = { billing_account = "012345-6789AB-CDEF01", currency_code = "EUR", monthly_amount = 100 }
    github = { repository = "clinica/meet-middleware" }
  }
  assert {
    condition     = google_billing_budget.monthly[0].budget_filter[0].projects == toset(["projects/123456789012"])
    error_message = "The budget is this project's alone."
  }
  assert {
    condition     = google_iam_workload_identity_pool_provider.github[0].attribute_condition == "assertion.sub == 'repo:clinica/meet-middleware:ref:refs/heads/main'" && google_service_account_iam_member.github_as_deployer[0].service_account_id == "projects/clinic-production/serviceAccounts/meet-deploy@clinic-production.iam.gserviceaccount.com"
    error_message = "One ref of one repository acts as the deployer."
  }
}

run "share_without_workspace" {
  command = plan
  variables {
    workspace       = null
    recording_share = { emails = ["archive@clinica.com"] }
  }
  expect_failures = [var.workspace]
}

run "delegate_of_another_domain" {
  command = plan
  variables {
    workspace = { delegate_email = "frontdesk@elsewhere.com", domains = ["clinica.com"] }
  }
  expect_failures = [var.workspace]
}

run "typos" {
  command = plan
  variables {
    api_access                = "pubic"
    edge                      = { domain = "https://meet.clinica.com" }
    instances                 = { sync-calendar = { min = 0, max = 5 } }
    log_level                 = "info"
    prefix                    = "Meet"
    region                    = "europe"
    calendar_tasks_per_second = 600
  }
  expect_failures = [var.api_access, var.edge, var.instances, var.log_level, var.prefix, var.region, var.calendar_tasks_per_second]
}

run "github_without_a_deployer" {
  command = plan
  variables {
    deployer_email = null
    github         = { repository = "clinica/meet-middleware" }
  }
  expect_failures = [var.github]
}
