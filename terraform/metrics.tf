# Each metric of monitoring/metrics.json, made of the log lines of functions/measurements.py. What Prometheus
# calls a gauge is a distribution here: a sweep writes one line, and the mean is what it says.

locals {
  metrics = jsondecode(file("${local.root}/monitoring/metrics.json"))

  _service_names = join(" OR ", [for service in values(local.services) : "\"${service}\""])
}

resource "google_logging_metric" "metric" {
  for_each = local.metrics

  name        = "${var.prefix}/${each.key}"
  description = each.value.description
  filter = join(" AND ", concat(
    [
      "resource.type=\"cloud_run_revision\"",
      "resource.labels.service_name=(${local._service_names})",
      "jsonPayload.message=\"${each.value.line}\"",
    ],
    can(each.value.value) ? ["jsonPayload.${each.value.value}:*"] : [],
  ))

  metric_descriptor {
    metric_kind = "DELTA"
    value_type  = each.value.kind == "counter" ? "INT64" : "DISTRIBUTION"
    unit        = lookup(each.value, "unit", "1")

    dynamic "labels" {
      for_each = toset(lookup(each.value, "labels", []))
      content {
        key        = labels.value
        value_type = "STRING"
      }
    }
  }

  label_extractors = { for label in lookup(each.value, "labels", []) : label => "EXTRACT(jsonPayload.${label})" }
  value_extractor  = each.value.kind == "counter" ? null : "EXTRACT(jsonPayload.${each.value.value})"

  dynamic "bucket_options" {
    for_each = each.value.kind == "distribution" ? [each.value.bounds] : []
    content {
      explicit_buckets {
        bounds = bucket_options.value
      }
    }
  }
  # A distribution must have buckets; nobody asks for those of a gauge.
  dynamic "bucket_options" {
    for_each = each.value.kind == "gauge" ? [1] : []
    content {
      exponential_buckets {
        num_finite_buckets = 20
        growth_factor      = 2
        scale              = 1
      }
    }
  }

  depends_on = [google_project_service.api]
}

# "If a metric was created recently, it could take up to 10 minutes to become available", and until then nothing
# may ask for it: https://github.com/hashicorp/terraform-provider-google/issues/11102. Whoever takes the name
# from here waits that long, at the first apply and when there is a new metric.
resource "time_sleep" "metrics_are_known" {
  create_duration = "600s"
  triggers        = { for name, metric in google_logging_metric.metric : name => metric.name }
}

locals {
  metric_filters = {
    for name, id in time_sleep.metrics_are_known.triggers :
    name => "resource.type=\"cloud_run_revision\" AND metric.type=\"logging.googleapis.com/user/${id}\""
  }

  # https://cloud.google.com/monitoring/promql/promql-mapping
  promql_metrics = {
    for name, id in time_sleep.metrics_are_known.triggers :
    name => "logging_googleapis_com:user_${replace(id, "/[^a-zA-Z0-9_]/", "_")}{monitored_resource=\"cloud_run_revision\"}"
  }
}
