data "google_project" "this" {
  project_id = var.project_id
}

locals {
  # By entry point of main.py. `concurrency` is THREADS too: a request for which there is no thread
  # waits behind the others without being seen. `timeout_seconds` of what Cloud Tasks calls is below the
  # dispatch deadline that the code gives its tasks (60 and 180 s): no task comes again while the first
  # is at work. `queues` and `acts_for_workspace` are what the code of the function does, and no right
  # goes beyond them.
  functions = {
    api = {
      concurrency        = 64
      timeout_seconds    = 60
      instances          = { min = 0, max = 20 }
      queues             = ["sync_calendar", "sync_recording"]
      acts_for_workspace = false
      caller             = null
    }
    sync_calendar = {
      concurrency        = 16
      timeout_seconds    = 55
      instances          = { min = 0, max = 10 }
      queues             = []
      acts_for_workspace = true
      caller             = "tasks"
    }
    sync_recording = {
      concurrency        = 8
      timeout_seconds    = 170
      instances          = { min = 0, max = 5 }
      queues             = []
      acts_for_workspace = true
      caller             = "tasks"
    }
    sweep = {
      concurrency        = 1
      timeout_seconds    = 58
      instances          = { min = 0, max = 2 }
      queues             = ["sync_calendar", "sync_recording"]
      acts_for_workspace = false
      caller             = "scheduler"
    }
  }

  # A queue has the name of the function that its tasks call.
  queues = {
    sync_calendar  = { tasks_per_second = var.calendar_tasks_per_second }
    sync_recording = { tasks_per_second = var.recording_tasks_per_second }
  }

  instances = { for name, function in local.functions : name => lookup(var.instances, name, function.instances) }
  services  = { for name, _ in local.functions : name => "${var.prefix}-${replace(name, "_", "-")}" }

  # A function can't be given its own URL, or another's that is given its: this form is known beforehand.
  # https://cloud.google.com/run/docs/triggering/https-request#deterministic
  urls = { for name, service in local.services : name => "https://${service}-${data.google_project.this.number}.${var.region}.run.app" }

  api_url = var.edge == null ? local.urls["api"] : "https://${var.edge.domain}"

  # Each is a setting of functions/settings.py; null leaves its default.
  settings = {
    AUTH                    = var.api_access == "iam" ? "iam" : "oidc"
    AUTO_RECORDING          = var.auto_recording ? "on" : "off"
    FIRESTORE_DATABASE      = var.firestore_database
    FIRST_ADMIN_EMAIL       = var.first_admin_email
    GOOGLE_CLOUD_PROJECT    = var.project_id
    LOG_LEVEL               = var.log_level
    MOCK_LINK_HOST          = "${local.api_url}/simulated-rooms"
    OIDC_AUDIENCES          = join(",", distinct([local.urls["api"], local.api_url]))
    OIDC_ISSUERS            = join(",", var.oidc_issuers)
    OTLP_TRACES_ENDPOINT    = var.traces ? "https://telemetry.googleapis.com/v1/traces" : null
    RATE_LIMIT_PER_MINUTE   = var.rate_limit_per_minute
    RECORDING_BUCKET        = one(google_storage_bucket.recordings[*].name)
    RECORDING_SHARE_DAYS    = try(var.recording_share.days, null)
    RECORDING_SHARE_WITH    = try(join(",", var.recording_share.emails), null)
    SCHEDULER_INVOKER_EMAIL = local.emails["scheduler_caller"]
    SERVICE_ACCOUNT_EMAIL   = var.workspace == null ? null : local.emails["delegation"]
    SPACE_ACCESS_TYPE       = var.space_access_type
    SWEEP_URL               = local.urls["sweep"]
    SYNC_CALENDAR_URL       = local.urls["sync_calendar"]
    SYNC_RECORDING_URL      = local.urls["sync_recording"]
    TASKS_INVOKER_EMAIL     = local.emails["tasks_caller"]
    TASKS_LOCATION          = var.region
    TASKS_QUEUE_CALENDAR    = google_cloud_tasks_queue.queue["sync_calendar"].name
    TASKS_QUEUE_RECORDING   = google_cloud_tasks_queue.queue["sync_recording"].name
    WORKSPACE_DELEGATE      = try(var.workspace.delegate_email, null)
    WORKSPACE_DOMAINS       = try(join(",", var.workspace.domains), null)
  }

  delegation_scopes = concat(
    [
      "https://www.googleapis.com/auth/calendar.events",
      "https://www.googleapis.com/auth/drive.meet.readonly",
      "https://www.googleapis.com/auth/meetings.space.readonly",
    ],
    var.auto_recording || var.space_access_type != "default" ? ["https://www.googleapis.com/auth/meetings.space.settings"] : [],
    var.recording_share == null ? [] : ["https://www.googleapis.com/auth/drive"],
  )
}
