# Every grant there is: a new one has to be written here too, and into docs/deployment-roles.md.

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
    domains        = ["clinica.com"]
  }
  recording_bucket = { name = "clinic-recordings" }
}

run "each_grant" {
  assert {
    condition     = keys(google_project_iam_member.firestore) == ["api", "sweep", "sync_calendar", "sync_recording"] && alltrue([for grant in google_project_iam_member.firestore : grant.role == "roles/datastore.user" && grant.condition[0].expression == "resource.name == \"projects/clinic-production/databases/(default)\""])
    error_message = "Every function reads and writes the one database."
  }
  assert {
    condition     = keys(google_cloud_tasks_queue_iam_member.enqueuer) == ["api sync_calendar", "api sync_recording", "sweep sync_calendar", "sweep sync_recording"] && alltrue([for key, grant in google_cloud_tasks_queue_iam_member.enqueuer : grant.role == "roles/cloudtasks.enqueuer" && grant.member == google_service_account.function[split(" ", key)[0]].member && grant.name == google_cloud_tasks_queue.queue[split(" ", key)[1]].name])
    error_message = "Who enqueues: api and sweep, on both queues."
  }
  assert {
    condition     = alltrue([for grant in google_cloud_tasks_queue_iam_member.api_viewer : grant.role == "roles/cloudtasks.viewer" && grant.member == google_service_account.function["api"].member])
    error_message = "Only api looks at the queues."
  }
  assert {
    condition     = keys(google_service_account_iam_member.enqueuer_as_caller) == ["api", "sweep"] && alltrue([for grant in google_service_account_iam_member.enqueuer_as_caller : grant.service_account_id == google_service_account.caller["tasks"].name && grant.role == "roles/iam.serviceAccountUser"])
    error_message = "Who enqueues may act as Cloud Tasks' account, and as no other."
  }
  assert {
    condition     = keys(google_service_account_iam_member.delegation_signer) == ["sync_calendar", "sync_recording"] && alltrue([for name, grant in google_service_account_iam_member.delegation_signer : grant.service_account_id == google_service_account.delegation.name && grant.role == "roles/iam.serviceAccountTokenCreator" && grant.member == google_service_account.function[name].member])
    error_message = "Only sync_calendar and sync_recording sign for the Workspace."
  }
  assert {
    condition     = google_storage_bucket_iam_member.recording_copier[0].member == google_service_account.function["sync_recording"].member && google_storage_bucket_iam_member.recording_copier[0].role == "roles/storage.objectUser"
    error_message = "Only sync_recording writes copies of recordings."
  }
  assert {
    condition     = { for name, grant in google_cloud_run_v2_service_iam_member.caller : name => grant.member } == { sync_calendar = google_service_account.caller["tasks"].member, sync_recording = google_service_account.caller["tasks"].member, sweep = google_service_account.caller["scheduler"].member }
    error_message = "Each internal function has its one caller."
  }
  assert {
    condition     = { for role, grant in google_project_iam_member.build : role => [for condition in grant.condition : condition.title] } == { "roles/logging.logWriter" = [], "roles/storage.objectViewer" = ["only the functions' sources"] }
    error_message = "The build account reads the functions' sources and no recordings."
  }
  assert {
    condition     = google_service_account_iam_member.smoke_tester[0].service_account_id == google_service_account.smoke_test.name && google_service_account_iam_member.smoke_tester[0].member == "serviceAccount:meet-deploy@clinic-production.iam.gserviceaccount.com"
    error_message = "The deployer gets tokens of the smoke test's account alone."
  }
}

run "closed_by_iam" {
  variables {
    api_access   = "iam"
    api_invokers = ["serviceAccount:xoma@xoma-project.iam.gserviceaccount.com"]
  }
  assert {
    condition     = length(google_cloud_run_v2_service_iam_member.public) == 0 && google_cloudfunctions2_function.function["api"].service_config[0].environment_variables.AUTH == "iam"
    error_message = "With iam nobody is let in without a right."
  }
  assert {
    condition     = toset([for grant in google_cloud_run_v2_service_iam_member.api_invoker : grant.member]) == toset(["serviceAccount:xoma@xoma-project.iam.gserviceaccount.com", google_service_account.smoke_test.member])
    error_message = "Who is named may invoke it, and the smoke test."
  }
}
