resource "google_monitoring_notification_channel" "email" {
  for_each = var.alert_emails

  display_name = "${var.prefix}: ${each.value}"
  type         = "email"
  labels       = { email_address = each.value }

  depends_on = [google_project_service.api]
}

locals {
  _parts = split("\n## ", file("${local.root}/docs/runbook.md"))

  # A section of docs/runbook.md by its heading.
  _sections = {
    for part in slice(local._parts, 1, length(local._parts)) :
    split("\n", part)[0] => trimspace(trimprefix(part, split("\n", part)[0]))
  }

  # With our names in its commands: a mail has them ready to paste. All else that has a `$` is the shell's own.
  _names = {
    "$API_AUDIENCE"         = local.urls["api"]
    "$API_URL"              = local.api_url
    "$DELEGATION_CLIENT_ID" = google_service_account.delegation.unique_id
    "$DELEGATION_SCOPES"    = join(",", local.delegation_scopes)
    "$PREFIX"               = var.prefix
    "$PROJECT"              = var.project_id
    "$REGION"               = var.region
  }
  runbook = {
    for heading, text in local._sections :
    heading => join("", [for part in regexall("\\$\\w+|[^$]+|\\$", text) : try(local._names[part], part)])
  }
}
