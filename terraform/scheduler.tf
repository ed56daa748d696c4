resource "google_cloud_scheduler_job" "sweep" {
  name        = local.services["sweep"]
  description = "Gives whatever is due a task."
  region      = var.region
  schedule    = "* * * * *"
  time_zone   = "Etc/UTC"
  # Above the function's own timeout; a run that ends later puts off the next.
  attempt_deadline = "60s"

  # The next minute's run does what this one did not.
  retry_config {
    retry_count = 0
  }

  http_target {
    http_method = "POST"
    uri         = "${local.urls["sweep"]}/"
    oidc_token {
      service_account_email = local.emails["scheduler_caller"]
      audience              = local.urls["sweep"]
    }
  }

  depends_on = [google_cloudfunctions2_function.function, google_cloud_run_v2_service_iam_member.caller]
}
