resource "google_iam_workload_identity_pool" "github" {
  count = var.github == null ? 0 : 1

  workload_identity_pool_id = "${var.prefix}-github"
  description               = "Workflows of GitHub that deploy, without a key."

  depends_on = [google_project_service.api]
}

resource "google_iam_workload_identity_pool_provider" "github" {
  #checkov:skip=CKV_GCP_125:it reads no variables; the subject is one repository and one ref of it
  count = var.github == null ? 0 : 1

  workload_identity_pool_id          = google_iam_workload_identity_pool.github[0].workload_identity_pool_id
  workload_identity_pool_provider_id = "github"
  # Without it every repository of GitHub would be let in.
  attribute_condition = "assertion.sub == 'repo:${var.github.repository}:ref:${var.github.ref}'"
  attribute_mapping   = { "google.subject" = "assertion.sub" }

  oidc {
    issuer_uri = "https://token.actions.githubusercontent.com"
  }
}

resource "google_service_account_iam_member" "github_as_deployer" {
  count = var.github == null ? 0 : 1

  service_account_id = "projects/${var.project_id}/serviceAccounts/${var.deployer_email}"
  role               = "roles/iam.workloadIdentityUser"
  member             = "principal://iam.googleapis.com/projects/${data.google_project.this.number}/locations/global/workloadIdentityPools/${google_iam_workload_identity_pool.github[0].workload_identity_pool_id}/subject/repo:${var.github.repository}:ref:${var.github.ref}"
}
