locals {
  # The same file that the tests hold against every query.
  _indexes_file = jsondecode(file("${path.module}/../firestore.indexes.json"))

  indexes = {
    for index in local._indexes_file.indexes :
    "${index.collectionGroup}/${join(",", [for field in index.fields : "${field.fieldPath}:${try(field.order, field.arrayConfig)}"])}" => index
  }
  field_overrides = { for field in local._indexes_file.fieldOverrides : "${field.collectionGroup}/${field.fieldPath}" => field }
}

resource "google_firestore_database" "meetings" {
  name                              = var.firestore_database
  location_id                       = var.firestore_location
  type                              = "FIRESTORE_NATIVE"
  point_in_time_recovery_enablement = "POINT_IN_TIME_RECOVERY_ENABLED"
  delete_protection_state           = var.protected ? "DELETE_PROTECTION_ENABLED" : "DELETE_PROTECTION_DISABLED"
  # The provider's own default drops it from the state and says that it was destroyed.
  deletion_policy = var.protected ? "PREVENT" : "DELETE"

  depends_on = [google_project_service.api]
}

resource "google_firestore_backup_schedule" "daily" {
  database  = google_firestore_database.meetings.name
  retention = "${var.firestore_backup_days * 86400}s"

  daily_recurrence {}
}

resource "google_firestore_index" "query" {
  for_each = local.indexes

  database    = google_firestore_database.meetings.name
  collection  = each.value.collectionGroup
  query_scope = each.value.queryScope

  dynamic "fields" {
    for_each = each.value.fields
    content {
      field_path   = fields.value.fieldPath
      order        = try(fields.value.order, null)
      array_config = try(fields.value.arrayConfig, null)
    }
  }
}

# What is never asked for costs no index entry: a commit is dearer and slower by each.
resource "google_firestore_field" "override" {
  for_each = local.field_overrides

  database   = google_firestore_database.meetings.name
  collection = each.value.collectionGroup
  field      = each.value.fieldPath

  index_config {}

  dynamic "ttl_config" {
    for_each = try(each.value.ttl, false) ? [true] : []
    content {}
  }
}
