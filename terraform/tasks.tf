resource "google_cloud_tasks_queue" "queue" {
  for_each = local.queues

  name            = replace(each.key, "_", "-")
  location        = var.region
  deletion_policy = var.protected ? "PREVENT" : "DELETE"

  rate_limits {
    max_dispatches_per_second = each.value.tasks_per_second
    # What the function can take: more would be turned away, which lowers the whole queue's rate.
    max_concurrent_dispatches = local.instances[each.key].max * local.functions[each.key].concurrency
  }

  retry_config {
    # Both must be reached before a task is dropped. A hundred tries a minute apart outlast an outage of an
    # hour and a half; what is dropped is still due in Firestore, and the sweep gives it a new task.
    max_attempts       = 100
    max_retry_duration = "3600s"
    min_backoff        = "1s"
    max_backoff        = "60s"
    max_doublings      = 6
  }

  stackdriver_logging_config {
    sampling_ratio = 1
  }

  depends_on = [google_project_service.api]
}
