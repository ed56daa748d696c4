# docs/deployment-roles.md has all of it in one table.

locals {
  _enqueuers = flatten([
    for name, function in local.functions : [for queue in function.queues : { function = name, queue = queue }]
  ])

  # Known before the accounts are made, so that every plan tells who gets what.
  emails = {
    for name, account in merge(google_service_account.function, {
      build            = google_service_account.build
      delegation       = google_service_account.delegation
      scheduler_caller = google_service_account.caller["scheduler"]
      smoke_test       = google_service_account.smoke_test
      tasks_caller     = google_service_account.caller["tasks"]
    }) : name => "${account.account_id}@${var.project_id}.iam.gserviceaccount.com"
  }
  members  = { for name, email in local.emails : name => "serviceAccount:${email}" }
  accounts = { for name, email in local.emails : name => "projects/${var.project_id}/serviceAccounts/${email}" }
}

resource "google_service_account" "function" {
  for_each = local.functions

  account_id   = local.services[each.key]
  display_name = local.services[each.key]
  description  = "What the function ${each.key} runs as."

  depends_on = [google_project_service.api]
}

resource "google_service_account" "caller" {
  for_each = {
    tasks     = "What Cloud Tasks calls sync_calendar and sync_recording as."
    scheduler = "What Cloud Scheduler calls sweep as."
  }

  account_id   = "${var.prefix}-${each.key}-caller"
  display_name = "${var.prefix}-${each.key}-caller"
  description  = each.value

  depends_on = [google_project_service.api]
}

resource "google_service_account" "delegation" {
  account_id   = "${var.prefix}-workspace"
  display_name = "${var.prefix}-workspace"
  description  = "Has domain-wide delegation in the Workspace, and no right in Google Cloud."

  depends_on = [google_project_service.api]
}

resource "google_service_account" "build" {
  account_id   = "${var.prefix}-build"
  display_name = "${var.prefix}-build"
  description  = "What the functions' images are built as."

  depends_on = [google_project_service.api]
}

resource "google_service_account" "smoke_test" {
  account_id   = "${var.prefix}-smoke-test"
  display_name = "${var.prefix}-smoke-test"
  description  = "What the smoke test of a deployment calls the API as; it has no right in Google Cloud."

  depends_on = [google_project_service.api]
}

resource "google_project_iam_member" "firestore" {
  for_each = local.functions

  project = var.project_id
  role    = "roles/datastore.user"
  member  = local.members[each.key]

  condition {
    title      = "only the meetings"
    expression = "resource.name == \"projects/${var.project_id}/databases/${google_firestore_database.meetings.name}\""
  }
}

resource "google_cloud_tasks_queue_iam_member" "enqueuer" {
  for_each = { for grant in local._enqueuers : "${grant.function} ${grant.queue}" => grant }

  name     = google_cloud_tasks_queue.queue[each.value.queue].name
  location = var.region
  role     = "roles/cloudtasks.enqueuer"
  member   = local.members[each.value.function]
}

# For `ready/`, which asks whether the queue is there.
resource "google_cloud_tasks_queue_iam_member" "api_viewer" {
  for_each = toset(local.functions["api"].queues)

  name     = google_cloud_tasks_queue.queue[each.value].name
  location = var.region
  role     = "roles/cloudtasks.viewer"
  member   = local.members["api"]
}

# Who hands over a task must be allowed to act as the account whose token it carries.
resource "google_service_account_iam_member" "enqueuer_as_caller" {
  for_each = toset([for name, function in local.functions : name if length(function.queues) > 0])

  service_account_id = local.accounts["tasks_caller"]
  role               = "roles/iam.serviceAccountUser"
  member             = local.members[each.value]
}

# Signs as the account that has the delegation, which is how a user is impersonated without a key.
resource "google_service_account_iam_member" "delegation_signer" {
  for_each = toset([for name, function in local.functions : name if function.acts_for_workspace])

  service_account_id = local.accounts["delegation"]
  role               = "roles/iam.serviceAccountTokenCreator"
  member             = local.members[each.value]
}

resource "google_storage_bucket_iam_member" "recording_copier" {
  count = length(google_storage_bucket.recordings)

  bucket = google_storage_bucket.recordings[0].name
  role   = "roles/storage.objectUser"
  member = local.members["sync_recording"]
}

resource "google_secret_manager_secret_iam_member" "sentry_dsn" {
  for_each = var.sentry_dsn_secret == null ? {} : local.functions

  secret_id = var.sentry_dsn_secret.secret
  role      = "roles/secretmanager.secretAccessor"
  member    = local.members[each.key]

  depends_on = [google_project_service.api]
}

# https://cloud.google.com/iam/docs/roles-permissions/telemetry
resource "google_project_iam_member" "traces_writer" {
  for_each = toset([for name, _ in local.functions : name if var.traces])

  project = var.project_id
  role    = "roles/telemetry.tracesWriter"
  member  = local.members[each.key]
}

resource "google_cloud_run_v2_service_iam_member" "caller" {
  for_each = { for name, function in local.functions : name => function if function.caller != null }

  name     = google_cloudfunctions2_function.function[each.key].name
  location = var.region
  role     = "roles/run.invoker"
  member   = local.members["${each.value.caller}_caller"]
}

resource "google_cloud_run_v2_service_iam_member" "public" {
  #checkov:skip=CKV2_RUN_1:api verifies every caller's token itself; api_access = iam closes it
  count = var.api_access == "public" ? 1 : 0

  name     = google_cloudfunctions2_function.function["api"].name
  location = var.region
  role     = "roles/run.invoker"
  member   = "allUsers"
}

resource "google_cloud_run_v2_service_iam_member" "api_invoker" {
  for_each = var.api_access == "public" ? {} : merge(
    { for member in var.api_invokers : member => member },
    { smoke_test = local.members["smoke_test"] },
  )

  name     = google_cloudfunctions2_function.function["api"].name
  location = var.region
  role     = "roles/run.invoker"
  member   = each.value
}

resource "google_project_iam_member" "build" {
  for_each = {
    "roles/logging.logWriter" = "true"
    # Google copies the source there before it builds; not the recordings, which are in another bucket.
    "roles/storage.objectViewer" = "resource.name.startsWith(\"projects/_/buckets/gcf-v2-sources-\")"
  }

  project = var.project_id
  role    = each.key
  member  = local.members["build"]

  dynamic "condition" {
    for_each = each.value == "true" ? [] : [each.value]
    content {
      title      = "only the functions' sources"
      expression = condition.value
    }
  }
}

resource "google_storage_bucket_iam_member" "build" {
  bucket = google_storage_bucket.source.name
  role   = "roles/storage.objectViewer"
  member = local.members["build"]
}

resource "google_artifact_registry_repository_iam_member" "build" {
  repository = google_artifact_registry_repository.images.repository_id
  location   = var.region
  role       = "roles/artifactregistry.writer"
  member     = local.members["build"]
}

resource "google_service_account_iam_member" "smoke_tester" {
  count = var.deployer_email == null ? 0 : 1

  service_account_id = local.accounts["smoke_test"]
  role               = "roles/iam.serviceAccountTokenCreator"
  member             = "serviceAccount:${var.deployer_email}"
}
