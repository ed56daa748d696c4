mock_provider "archive" {}
mock_provider "google" {
  mock_data "google_project" {
    defaults = { number = "123456789012" }
  }
}

variables {
  project_id = "clinic-staging"
}

run "the_defaults" {
  assert {
    condition     = { for name, f in google_cloudfunctions2_function.function : name => f.build_config[0].entry_point } == { api = "api", sync_calendar = "sync_calendar", sync_recording = "sync_recording", sweep = "sweep" }
    error_message = "Each entry point is a function."
  }
  assert {
    condition     = length(distinct([for f in google_cloudfunctions2_function.function : f.service_config[0].service_account_email])) == 4
    error_message = "Each function has an account of its own."
  }
  assert {
    condition     = length(distinct([for f in google_cloudfunctions2_function.function : f.build_config[0].source[0].storage_source[0].object])) == 1
    error_message = "All functions are of one archive."
  }
  assert {
    condition     = alltrue([for f in google_cloudfunctions2_function.function : f.service_config[0].environment_variables.THREADS == tostring(f.service_config[0].max_instance_request_concurrency)])
    error_message = "A function has as many threads as requests at once."
  }
  assert {
    condition     = { for name, f in google_cloudfunctions2_function.function : name => f.service_config[0].ingress_settings } == { api = "ALLOW_ALL", sync_calendar = "ALLOW_INTERNAL_ONLY", sync_recording = "ALLOW_INTERNAL_ONLY", sweep = "ALLOW_INTERNAL_ONLY" }
    error_message = "Only api is reached from outside."
  }
  assert {
    condition     = google_cloudfunctions2_function.function["api"].service_config[0].environment_variables.AUTH == "oidc" && google_cloud_run_v2_service_iam_member.public[0].name == "meet-api"
    error_message = "A public api verifies every caller's token itself."
  }
  assert {
    condition = alltrue([
      for f in google_cloudfunctions2_function.function :
      f.service_config[0].environment_variables.SYNC_CALENDAR_URL == "https://meet-sync-calendar-123456789012.europe-west1.run.app"
    ])
    error_message = "A function knows another's URL beforehand."
  }
  assert {
    condition     = google_cloud_scheduler_job.sweep.http_target[0].oidc_token[0].audience == google_cloudfunctions2_function.function["sweep"].service_config[0].environment_variables.SWEEP_URL
    error_message = "The scheduler's token is made out to the URL that sweep takes for its own."
  }
  assert {
    condition     = [for name in ["WORKSPACE_DELEGATE", "WORKSPACE_DOMAINS", "SERVICE_ACCOUNT_EMAIL"] : lookup(google_cloudfunctions2_function.function["api"].service_config[0].environment_variables, name, "unset")] == ["unset", "unset", "unset"]
    error_message = "Without a workspace nothing of it is set, and the Workspace is the mock."
  }
  assert {
    condition     = length(google_compute_global_forwarding_rule.https) + length(google_billing_budget.monthly) + length(google_iam_workload_identity_pool.github) + length(google_storage_bucket.recordings) == 0
    error_message = "What is optional is off."
  }
  assert {
    condition     = output.api_url == "https://meet-api-123456789012.europe-west1.run.app" && output.delegation_scopes == "https://www.googleapis.com/auth/calendar.events,https://www.googleapis.com/auth/drive.meet.readonly,https://www.googleapis.com/auth/meetings.space.readonly"
    error_message = "The outputs are XOMA's URL and the scopes that the defaults need."
  }
}

run "protected_unless_told_otherwise" {
  assert {
    condition     = google_firestore_database.meetings.delete_protection_state == "DELETE_PROTECTION_ENABLED" && google_firestore_database.meetings.deletion_policy == "PREVENT" && google_firestore_database.meetings.point_in_time_recovery_enablement == "POINT_IN_TIME_RECOVERY_ENABLED"
    error_message = "The database is protected and can be read as it was."
  }
  assert {
    condition     = alltrue([for queue in google_cloud_tasks_queue.queue : queue.deletion_policy == "PREVENT"])
    error_message = "A queue whose name would be lost is not destroyed."
  }
}

run "unprotected" {
  variables {
    protected = false
  }
  assert {
    condition     = google_firestore_database.meetings.delete_protection_state == "DELETE_PROTECTION_DISABLED" && alltrue([for queue in google_cloud_tasks_queue.queue : queue.deletion_policy == "DELETE"])
    error_message = "What is not protected can be torn down."
  }
}

run "indexes_of_the_file" {
  assert {
    condition     = length(google_firestore_index.query) == length(jsondecode(file("../firestore.indexes.json")).indexes)
    error_message = "Every index of the file is there: two may have one key."
  }
  assert {
    condition     = join(" ", [for field in google_firestore_index.query["meetings/participant_emails:CONTAINS,scheduled_start:DESCENDING"].fields : "${field.field_path}:${try(coalesce(field.array_config), field.order)}"]) == "participant_emails:CONTAINS scheduled_start:DESCENDING"
    error_message = "An index has the fields of the file, in their order."
  }
  assert {
    condition     = join(" ", sort([for key, field in google_firestore_field.override : key if length(field.ttl_config) > 0])) == "allowances/expires_at idempotency_answers/expires_at idempotency_keys/expires_at"
    error_message = "What expires is deleted."
  }
  assert {
    condition     = length(google_firestore_field.override) == length(jsondecode(file("../firestore.indexes.json")).fieldOverrides) && alltrue([for field in google_firestore_field.override : length(field.index_config) == 1 && length(field.index_config[0].indexes) == 0])
    error_message = "What is never asked for has no index."
  }
}
