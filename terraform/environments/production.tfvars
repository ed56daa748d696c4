project_id     = "clinica-meet-production"
deployer_email = "meet-deploy@clinica-meet-production.iam.gserviceaccount.com"

# The first call of this person makes an admin; unset it afterwards.
first_admin_email = "it@clinica.com"

workspace = {
  delegate_email = "frontdesk@clinica.com"
  domains        = ["clinica.com"]
}

instances = {
  api           = { min = 1, max = 20 }
  sync_calendar = { min = 1, max = 10 }
}
