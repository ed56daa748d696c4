resource "google_project_service" "api" {
  for_each = toset(concat(
    [
      "artifactregistry.googleapis.com",
      "calendar-json.googleapis.com",
      "cloudbuild.googleapis.com",
      "cloudfunctions.googleapis.com",
      "cloudresourcemanager.googleapis.com",
      "cloudscheduler.googleapis.com",
      "cloudtasks.googleapis.com",
      "drive.googleapis.com",
      "firestore.googleapis.com",
      "iam.googleapis.com",
      "iamcredentials.googleapis.com",
      "logging.googleapis.com",
      "meet.googleapis.com",
      "monitoring.googleapis.com",
      "run.googleapis.com",
      "serviceusage.googleapis.com",
      "storage.googleapis.com",
    ],
    var.budget == null ? [] : ["billingbudgets.googleapis.com"],
    var.edge == null ? [] : ["compute.googleapis.com"],
    var.github == null ? [] : ["sts.googleapis.com"],
    var.traces ? ["cloudtrace.googleapis.com", "telemetry.googleapis.com"] : [],
    var.sentry_dsn_secret == null ? [] : ["secretmanager.googleapis.com"],
  ))

  service = each.value
  # Something else in the project may use it.
  disable_on_destroy = false
}
