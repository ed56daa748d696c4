project_id     = "clinica-meet-staging"
deployer_email = "meet-deploy@clinica-meet-staging.iam.gserviceaccount.com"
protected      = false

# The mock Workspace: the smoke test makes a meeting and cancels it, and is the first admin to be able to.
first_admin_email = "meet-smoke-test@clinica-meet-staging.iam.gserviceaccount.com"
