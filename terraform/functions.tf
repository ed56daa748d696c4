locals {
  root = "${path.module}/.."

  # What is deployed, and nothing that may lie about beside it: a key file, a virtual environment.
  # The local stack stays at home.
  sources = [
    for file in setunion(
      fileset(local.root, "{main.py,requirements.txt}"),
      fileset(local.root, "{functions,infra}/**/*.{css,html,js,py}"),
    ) : file
    if !startswith(file, "infra/local/")
  ]
}

data "archive_file" "source" {
  type             = "zip"
  output_path      = "${path.module}/.build/source.zip"
  output_file_mode = "0644"

  dynamic "source" {
    for_each = local.sources
    content {
      filename = source.value
      content  = file("${local.root}/${source.value}")
    }
  }
}

# The hash in its name is what has the functions deployed again.
resource "google_storage_bucket_object" "source" {
  name   = "source-${data.archive_file.source.output_sha256}.zip"
  bucket = google_storage_bucket.source.name
  source = data.archive_file.source.output_path
}

resource "google_artifact_registry_repository" "images" {
  #checkov:skip=CKV_GCP_84:the images hold our source and Google's base, and no data; Google's own keys encrypt them
  repository_id          = "${var.prefix}-functions"
  description            = "The images that the functions run."
  location               = var.region
  format                 = "DOCKER"
  cleanup_policy_dry_run = false

  cleanup_policies {
    id     = "keep-recent"
    action = "KEEP"
    most_recent_versions {
      keep_count = 5
    }
  }
  cleanup_policies {
    id     = "delete-old"
    action = "DELETE"
    condition {
      older_than = "2592000s"
    }
  }

  depends_on = [google_project_service.api]
}

resource "google_cloudfunctions2_function" "function" {
  for_each = local.functions

  name     = local.services[each.key]
  location = var.region

  build_config {
    runtime           = "python311"
    entry_point       = each.key
    service_account   = google_service_account.build.id
    docker_repository = google_artifact_registry_repository.images.id
    source {
      storage_source {
        bucket = google_storage_bucket.source.name
        object = google_storage_bucket_object.source.name
      }
    }
    automatic_update_policy {}
  }

  service_config {
    available_cpu                    = "1"
    available_memory                 = "512Mi"
    max_instance_request_concurrency = each.value.concurrency
    min_instance_count               = local.instances[each.key].min
    max_instance_count               = local.instances[each.key].max
    timeout_seconds                  = each.value.timeout_seconds
    service_account_email            = local.emails[each.key]
    all_traffic_on_latest_revision   = true
    # Cloud Tasks and Cloud Scheduler of the same project count as internal at a run.app URL.
    ingress_settings = (
      each.value.caller != null ? "ALLOW_INTERNAL_ONLY" :
      var.edge == null ? "ALLOW_ALL" : "ALLOW_INTERNAL_AND_GCLB"
    )
    environment_variables = {
      for name, value in merge(local.settings, { THREADS = each.value.concurrency }) : name => tostring(value) if value != null
    }
    dynamic "secret_environment_variables" {
      for_each = var.sentry_dsn_secret[*]
      content {
        key        = "SENTRY_DSN"
        project_id = var.project_id
        secret     = secret_environment_variables.value.secret
        version    = secret_environment_variables.value.version
      }
    }
  }

  lifecycle {
    precondition {
      condition     = length("${local.services[each.key]}-${data.google_project.this.number}") <= 63
      error_message = "A function's URL is not known beforehand: its name and the project's number are longer than 63 characters."
    }
  }

  depends_on = [
    google_project_iam_member.build,
    google_artifact_registry_repository_iam_member.build,
    google_storage_bucket_iam_member.build,
    google_secret_manager_secret_iam_member.sentry_dsn,
    google_project_service.api,
  ]
}
