project_id     = "clinica-meet-production"
deployer_email = "meet-deploy@clinica-meet-production.iam.gserviceaccount.com"
alert_emails   = ["it@clinica.com"]

# The first call of this account makes an admin; unset it afterwards. docs/deploying.md says who makes it.
first_admin_email = "meet-admin@clinica-meet-production.iam.gserviceaccount.com"

workspace = {
  delegate_email = "frontdesk@clinica.com"
  domains        = ["clinica.com"]
}

instances = {
  api           = { min = 1, max = 20 }
  sync_calendar = { min = 1, max = 10 }
}
