resource "google_storage_bucket" "source" {
  #checkov:skip=CKV_GCP_62:it holds what is deployed and nobody's data; Cloud Audit Logs have who writes it
  name                        = "${var.project_id}-${var.prefix}-source"
  location                    = var.region
  uniform_bucket_level_access = true
  public_access_prevention    = "enforced"

  versioning {
    enabled = true
  }
  # An old revision is built again from its own archive.
  lifecycle_rule {
    condition {
      age        = 90
      with_state = "ARCHIVED"
    }
    action {
      type = "Delete"
    }
  }

  depends_on = [google_project_service.api]
}

resource "google_storage_bucket" "recordings" {
  #checkov:skip=CKV_GCP_62:Cloud Audit Logs have who reads and writes it, usage logs would be a second copy of the names
  count = var.recording_bucket == null ? 0 : 1

  name                        = var.recording_bucket.name
  location                    = var.region
  uniform_bucket_level_access = true
  public_access_prevention    = "enforced"

  versioning {
    enabled = true
  }
  lifecycle_rule {
    condition {
      days_since_noncurrent_time = 7
      with_state                 = "ARCHIVED"
    }
    action {
      type = "Delete"
    }
  }
  dynamic "lifecycle_rule" {
    for_each = var.recording_bucket.delete_age_days[*]
    content {
      condition {
        age = lifecycle_rule.value
      }
      action {
        type = "Delete"
      }
    }
  }

  depends_on = [google_project_service.api]
}
