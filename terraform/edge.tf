locals {
  # One where there is an edge, none otherwise: every resource here is for each of it.
  _edge = var.edge == null ? {} : { api = var.edge }
}

resource "google_compute_global_address" "edge" {
  for_each = local._edge

  name = "${var.prefix}-${each.key}"

  depends_on = [google_project_service.api]
}

resource "google_compute_region_network_endpoint_group" "edge" {
  for_each = local._edge

  name                  = "${var.prefix}-${each.key}"
  region                = var.region
  network_endpoint_type = "SERVERLESS"

  cloud_run {
    service = google_cloudfunctions2_function.function[each.key].name
  }
}

resource "google_compute_security_policy" "edge" {
  for_each = local._edge

  name        = "${var.prefix}-${each.key}"
  description = "Who reaches ${each.key}, how often, and with what."

  depends_on = [google_project_service.api]

  rule {
    action      = "deny(403)"
    priority    = 100
    description = "Log4j and its like"
    match {
      expr {
        expression = "evaluatePreconfiguredWaf('cve-canary')"
      }
    }
  }

  # In preview at first: a summary or a description may look like an attack.
  dynamic "rule" {
    for_each = sort(each.value.waf_rule_sets)
    content {
      action      = "deny(403)"
      priority    = 200 + rule.key
      preview     = each.value.waf_is_preview
      description = rule.value
      match {
        expr {
          expression = "evaluatePreconfiguredWaf('${rule.value}', {'sensitivity': 1})"
        }
      }
    }
  }

  rule {
    action      = "throttle"
    priority    = 1000
    description = "so many requests of one address a minute"
    match {
      versioned_expr = "SRC_IPS_V1"
      config {
        src_ip_ranges = length(each.value.allowed_ip_ranges) == 0 ? ["*"] : each.value.allowed_ip_ranges
      }
    }
    rate_limit_options {
      conform_action = "allow"
      exceed_action  = "deny(429)"
      enforce_on_key = "IP"
      rate_limit_threshold {
        count        = each.value.requests_per_minute_per_ip
        interval_sec = 60
      }
    }
  }

  # Reached by addresses that are not on the list alone: with no list, the rule above takes all.
  rule {
    action      = "deny(403)"
    priority    = 2147483647
    description = "all others"
    match {
      versioned_expr = "SRC_IPS_V1"
      config {
        src_ip_ranges = ["*"]
      }
    }
  }
}

resource "google_compute_backend_service" "edge" {
  for_each = local._edge

  name                  = "${var.prefix}-${each.key}"
  load_balancing_scheme = "EXTERNAL_MANAGED"
  protocol              = "HTTPS"
  security_policy       = google_compute_security_policy.edge[each.key].id

  backend {
    group = google_compute_region_network_endpoint_group.edge[each.key].id
  }
  log_config {
    enable      = true
    sample_rate = 1
  }
}

resource "google_compute_url_map" "edge" {
  for_each = local._edge

  name            = "${var.prefix}-${each.key}"
  default_service = google_compute_backend_service.edge[each.key].id
}

resource "google_compute_managed_ssl_certificate" "edge" {
  for_each = local._edge

  # Another domain needs another certificate beside the one in use.
  name = "${var.prefix}-${each.key}-${substr(sha256(each.value.domain), 0, 8)}"

  managed {
    domains = [each.value.domain]
  }
  lifecycle {
    create_before_destroy = true
  }

  depends_on = [google_project_service.api]
}

resource "google_compute_ssl_policy" "edge" {
  for_each = local._edge

  name            = "${var.prefix}-${each.key}"
  profile         = "MODERN"
  min_tls_version = "TLS_1_2"

  depends_on = [google_project_service.api]
}

resource "google_compute_target_https_proxy" "edge" {
  for_each = local._edge

  name             = "${var.prefix}-${each.key}"
  url_map          = google_compute_url_map.edge[each.key].id
  ssl_certificates = [google_compute_managed_ssl_certificate.edge[each.key].id]
  ssl_policy       = google_compute_ssl_policy.edge[each.key].id
}

resource "google_compute_global_forwarding_rule" "https" {
  for_each = local._edge

  name                  = "${var.prefix}-${each.key}-https"
  load_balancing_scheme = "EXTERNAL_MANAGED"
  ip_address            = google_compute_global_address.edge[each.key].id
  port_range            = "443"
  target                = google_compute_target_https_proxy.edge[each.key].id
}

resource "google_compute_url_map" "redirect" {
  for_each = local._edge

  name = "${var.prefix}-${each.key}-redirect"

  default_url_redirect {
    https_redirect         = true
    redirect_response_code = "PERMANENT_REDIRECT"
    strip_query            = false
  }

  depends_on = [google_project_service.api]
}

resource "google_compute_target_http_proxy" "redirect" {
  for_each = local._edge

  name    = "${var.prefix}-${each.key}-redirect"
  url_map = google_compute_url_map.redirect[each.key].id
}

resource "google_compute_global_forwarding_rule" "http" {
  for_each = local._edge

  name                  = "${var.prefix}-${each.key}-http"
  load_balancing_scheme = "EXTERNAL_MANAGED"
  ip_address            = google_compute_global_address.edge[each.key].id
  port_range            = "80"
  target                = google_compute_target_http_proxy.redirect[each.key].id
}
