terraform {
  required_version = ">= 1.11"

  required_providers {
    archive = { source = "hashicorp/archive", version = "~> 2.7" }
    google  = { source = "hashicorp/google", version = "~> 8.0" }
    time    = { source = "hashicorp/time", version = "~> 0.12" }
  }

  # The rest is in environments/*.gcs.tfbackend: terraform init -backend-config=FILE
  backend "gcs" {}
}

provider "google" {
  project = var.project_id
  region  = var.region

  # A budget is refused without a project that its calls count for.
  billing_project       = var.project_id
  user_project_override = true
}
