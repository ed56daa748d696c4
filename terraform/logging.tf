# A list's query may hold addresses (`organizer_email=`), and Google's request logs hold whole URLs. Every
# request has a line of our own, which holds none.
resource "google_logging_project_exclusion" "queries" {
  name        = "${var.prefix}-urls-with-a-query"
  description = "Request logs of URLs that have a query: they may hold addresses."
  filter = join(" OR ", [
    "(resource.type=\"cloud_run_revision\" AND resource.labels.service_name=\"${local.services["api"]}\" AND httpRequest.requestUrl:\"?\")",
    "(resource.type=\"http_load_balancer\" AND httpRequest.requestUrl:\"?\")",
  ])

  depends_on = [google_project_service.api]
}
