project_id     = "clinica-meet-options"
deployer_email = "meet-deploy@clinica-meet-options.iam.gserviceaccount.com"

alert_emails          = ["it@clinica.com", "frontdesk@clinica.com"]
api_access            = "iam"
api_invokers          = ["serviceAccount:xoma@xoma-production.iam.gserviceaccount.com"]
auto_recording        = true
rate_limit_per_minute = 600
sentry_dsn_secret     = { secret = "meet-sentry-dsn", version = "1" }
space_access_type     = "restricted"
traces                = true

budget           = { billing_account = "012345-6789AB-CDEF01", currency_code = "EUR", monthly_amount = 100 }
edge             = { domain = "meet.clinica.com", allowed_ip_ranges = ["203.0.113.0/24"] }
github           = { repository = "clinica/meet-middleware" }
recording_bucket = { name = "clinica-meet-recordings", delete_age_days = 365 }
recording_share  = { emails = ["archive@clinica.com"], days = 90 }
workspace        = { delegate_email = "frontdesk@clinica.com", domains = ["clinica.com"] }
