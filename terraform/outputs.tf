output "api_audience" {
  description = "What the tokens of XOMA's calls are made out to."
  value       = local.urls["api"]
}

output "api_url" {
  description = "The URL for XOMA; the API is at /api/v1/ and its documentation at /api/v1/docs/."
  value       = local.api_url
  depends_on  = [google_cloud_run_v2_service_iam_member.public, google_cloud_run_v2_service_iam_member.api_invoker]
}

output "delegation_client_id" {
  description = "The client ID to paste in the Admin console under Security > Access and data control > API controls > Domain-wide delegation."
  value       = google_service_account.delegation.unique_id
}

output "delegation_scopes" {
  description = "The OAuth scopes to paste beside it."
  value       = join(",", local.delegation_scopes)
}

output "github_provider" {
  description = "What google-github-actions/auth takes as workload_identity_provider; null without github."
  value       = one(google_iam_workload_identity_pool_provider.github[*].name)
}

output "livemode" {
  description = "Whether meetings are made at Google; false is the mock."
  value       = var.workspace != null
}

output "load_balancer_ip_address" {
  description = "Where the A record of edge.domain must lead; null without edge."
  value       = one(values(google_compute_global_address.edge)[*].address)
}

output "services" {
  description = "The functions' names in Cloud Run, by entry point."
  value       = local.services
}

output "smoke_test_email" {
  description = "The account that the smoke test calls the API as: an admin adds it once as a service."
  value       = google_service_account.smoke_test.email
}
