variable "alert_emails" {
  description = "Who gets a mail when something is wrong: the sections of docs/runbook.md."
  type        = set(string)
  default     = []
  nullable    = false

  validation {
    condition     = alltrue([for email in var.alert_emails : can(regex("^[^@\\s]+@[^@\\s]+\\.[^@\\s]+$", email))])
    error_message = "alert_emails must be email addresses."
  }
}

variable "api_access" {
  description = "Who reaches api: public (anybody; it verifies every caller's token itself, AUTH=oidc) or iam (Cloud Run lets api_invokers in alone, AUTH=iam)."
  type        = string
  default     = "public"
  nullable    = false

  validation {
    condition     = contains(["public", "iam"], var.api_access)
    error_message = "api_access must be public or iam."
  }
}

variable "api_invokers" {
  description = "With api_access = iam: who may invoke api, such as serviceAccount:xoma@project.iam.gserviceaccount.com."
  type        = set(string)
  default     = []
  nullable    = false

  validation {
    condition     = alltrue([for member in var.api_invokers : can(regex("^(serviceAccount|user|group|principal|principalSet):.+", member))])
    error_message = "api_invokers must be IAM members: serviceAccount:, user:, group:, principal: or principalSet:."
  }
  validation {
    condition     = var.api_access == "iam" || length(var.api_invokers) == 0
    error_message = "api_invokers needs api_access = iam: a public api lets everybody in."
  }
}

variable "auto_recording" {
  description = "Whether Meet records every room by itself (AUTO_RECORDING); needs workspace, and one delegated scope more."
  type        = bool
  default     = false
  nullable    = false
}

variable "budget" {
  description = "A mail to the billing account's administrators at 50, 90 and 100 % of a monthly amount; null for none."
  type = object({
    billing_account = string
    currency_code   = string
    monthly_amount  = number
  })
  default = null

  validation {
    condition     = var.budget == null || can(regex("^[0-9A-F]{6}-[0-9A-F]{6}-[0-9A-F]{6}$", var.budget.billing_account))
    error_message = "budget.billing_account must look like 012345-6789AB-CDEF01."
  }
  validation {
    condition     = var.budget == null || (can(regex("^[A-Z]{3}$", var.budget.currency_code)) && try(var.budget.monthly_amount >= 1, false))
    error_message = "budget needs the billing account's own currency, such as EUR, and an amount of 1 or more."
  }
}

variable "calendar_tasks_per_second" {
  description = "The rate of the queue sync-calendar. Calendar takes 600 calls a minute of one mailbox and a task makes one or two: above 5 only where organizers own their own events."
  type        = number
  default     = 5
  nullable    = false

  validation {
    condition     = var.calendar_tasks_per_second > 0 && var.calendar_tasks_per_second <= 80
    error_message = "calendar_tasks_per_second must be from 1 to 80: Calendar takes 10,000 calls a minute of a project."
  }
}

variable "deployer_email" {
  description = "The service account that deploys (Cloud Build's, or an outside CI's by github): it may get tokens of the smoke test's account. null where a person deploys."
  type        = string
  default     = null

  validation {
    condition     = var.deployer_email == null || can(regex("^[a-z0-9-]+@[a-z0-9.:-]+\\.gserviceaccount\\.com$", var.deployer_email))
    error_message = "deployer_email must be a service account's email."
  }
}

variable "edge" {
  description = "A load balancer with a managed certificate and Cloud Armor before api, which is then closed to what goes round it; null for none. The domain's A record must lead to the output load_balancer_ip_address."
  type = object({
    domain                     = string
    allowed_ip_ranges          = optional(set(string), [])
    requests_per_minute_per_ip = optional(number, 600)
    waf_is_preview             = optional(bool, true)
    waf_rule_sets = optional(set(string), [
      "lfi-v33-stable", "protocolattack-v33-stable", "rce-v33-stable", "rfi-v33-stable",
      "scannerdetection-v33-stable", "sqli-v33-stable", "xss-v33-stable",
    ])
  })
  default = null

  validation {
    condition     = var.edge == null || can(regex("^[a-z0-9-]+(\\.[a-z0-9-]+)+$", var.edge.domain))
    error_message = "edge.domain must be a domain name in lower case, such as meet.clinica.com."
  }
  validation {
    condition     = var.edge == null || try(length(var.edge.allowed_ip_ranges) <= 10 && alltrue([for range in var.edge.allowed_ip_ranges : can(cidrhost(range, 0))]), false)
    error_message = "edge.allowed_ip_ranges must be at most 10 ranges such as 203.0.113.0/24: a rule of Cloud Armor takes no more."
  }
  validation {
    condition     = var.edge == null || try(var.edge.requests_per_minute_per_ip >= 1 && var.edge.requests_per_minute_per_ip <= 1000000, false)
    error_message = "edge.requests_per_minute_per_ip must be from 1 to 1000000."
  }
}

variable "first_admin_email" {
  description = "Becomes an admin of the API by its first call while there is none (FIRST_ADMIN_EMAIL); null once there is one."
  type        = string
  default     = null

  validation {
    condition     = var.first_admin_email == null || can(regex("^[^@\\s]+@[^@\\s]+\\.[^@\\s]+$", var.first_admin_email))
    error_message = "first_admin_email must be an email address."
  }
}

variable "firestore_backup_days" {
  description = "How long a daily backup is kept."
  type        = number
  default     = 14
  nullable    = false

  validation {
    condition     = var.firestore_backup_days >= 1 && var.firestore_backup_days <= 98
    error_message = "firestore_backup_days must be from 1 to 98: Firestore keeps none for longer than 14 weeks."
  }
}

variable "firestore_database" {
  description = "The database (FIRESTORE_DATABASE): (default), or a name of 4 to 63 letters, digits and hyphens, as after a restore."
  type        = string
  default     = "(default)"
  nullable    = false

  validation {
    condition     = var.firestore_database == "(default)" || can(regex("^[a-z][a-z0-9-]{2,61}[a-z0-9]$", var.firestore_database))
    error_message = "firestore_database must be (default) or 4 to 63 lower-case letters, digits and hyphens."
  }
}

variable "firestore_location" {
  description = "Where the meetings are kept, such as eur3 (several regions) or europe-west1 (one). It can't be changed."
  type        = string
  default     = "eur3"
  nullable    = false

  validation {
    condition     = can(regex("^(eur3|nam5|nam7|[a-z]+-[a-z]+[0-9]+)$", var.firestore_location))
    error_message = "firestore_location must be eur3, nam5, nam7 or a region such as europe-west1."
  }
}

variable "github" {
  description = "The one GitHub repository and ref whose workflows may act as deployer_email, without a key; null for none."
  type = object({
    repository = string
    ref        = optional(string, "refs/heads/main")
  })
  default = null

  validation {
    condition     = var.github == null || (can(regex("^[\\w.-]+/[\\w.-]+$", var.github.repository)) && can(regex("^refs/[\\w./-]+$", var.github.ref)))
    error_message = "github needs a repository such as owner/name and a ref such as refs/heads/main."
  }
  validation {
    condition     = var.github == null || var.deployer_email != null
    error_message = "github needs deployer_email: the account that its workflows act as."
  }
}

variable "instances" {
  description = "The least and the most instances of functions, by entry point, where they differ from the defaults in locals.tf. A least one of api spares callers the cold start."
  type        = map(object({ min = number, max = number }))
  default     = {}
  nullable    = false

  validation {
    condition     = alltrue([for name, _ in var.instances : contains(["api", "sync_calendar", "sync_recording", "sweep"], name)])
    error_message = "instances takes api, sync_calendar, sync_recording and sweep."
  }
  validation {
    condition     = alltrue([for _, count in var.instances : count.min >= 0 && count.max >= 1 && count.min <= count.max && count.max <= 1000])
    error_message = "instances needs 0 <= min <= max and 1 <= max <= 1000."
  }
}

variable "log_level" {
  description = "LOG_LEVEL: DEBUG, INFO, WARNING or ERROR."
  type        = string
  default     = "INFO"
  nullable    = false

  validation {
    condition     = contains(["DEBUG", "INFO", "WARNING", "ERROR"], var.log_level)
    error_message = "log_level must be DEBUG, INFO, WARNING or ERROR."
  }
}

variable "oidc_issuers" {
  description = "Who issues the tokens of the API's callers (OIDC_ISSUERS): Google, and XOMA's own identity provider."
  type        = list(string)
  default     = ["https://accounts.google.com"]
  nullable    = false

  validation {
    condition     = length(var.oidc_issuers) > 0 && alltrue([for issuer in var.oidc_issuers : can(regex("^https://[^,\\s]+$", issuer))])
    error_message = "oidc_issuers must be one https URL or more."
  }
  validation {
    condition     = var.api_access == "public" || var.oidc_issuers == tolist(["https://accounts.google.com"])
    error_message = "With api_access = iam tokens are Google's alone: Cloud Run checks no others."
  }
}

variable "prefix" {
  description = "What every name begins with."
  type        = string
  default     = "meet"
  nullable    = false

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{0,10}[a-z0-9]$", var.prefix))
    error_message = "prefix must be 2 to 12 lower-case letters, digits and hyphens: a service account's name takes 30."
  }
}

variable "project_id" {
  description = "The Google Cloud project, which holds nothing else."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{4,28}[a-z0-9]$", var.project_id))
    error_message = "project_id must be 6 to 30 lower-case letters, digits and hyphens."
  }
}

variable "protected" {
  description = "Whether the database and the queues refuse to be destroyed; a destroyed queue's name is lost for a week."
  type        = bool
  default     = true
  nullable    = false
}

variable "rate_limit_per_minute" {
  description = "Requests of one caller a minute (RATE_LIMIT_PER_MINUTE); null for no limit."
  type        = number
  default     = null

  validation {
    condition     = var.rate_limit_per_minute == null || try(var.rate_limit_per_minute >= 1 && floor(var.rate_limit_per_minute) == var.rate_limit_per_minute, false)
    error_message = "rate_limit_per_minute must be a whole number from 1."
  }
}

variable "recording_bucket" {
  description = "A bucket that gets a copy of every recording (RECORDING_BUCKET), and after how many days copies are deleted; null for no copies. Needs workspace."
  type = object({
    name            = string
    delete_age_days = optional(number)
  })
  default = null

  validation {
    condition     = var.recording_bucket == null || can(regex("^[a-z0-9][a-z0-9._-]{1,61}[a-z0-9]$", var.recording_bucket.name))
    error_message = "recording_bucket.name must be the name of a Cloud Storage bucket."
  }
  validation {
    condition     = try(var.recording_bucket.delete_age_days, null) == null || try(var.recording_bucket.delete_age_days >= 1, false)
    error_message = "recording_bucket.delete_age_days must be 1 or more."
  }
}

variable "recording_share" {
  description = "Accounts that may watch every recording (RECORDING_SHARE_WITH) and for how many days (RECORDING_SHARE_DAYS; null for good); null for nobody. Needs workspace, and one delegated scope more."
  type = object({
    emails = set(string)
    days   = optional(number)
  })
  default = null

  validation {
    condition     = var.recording_share == null || try(length(var.recording_share.emails) > 0 && alltrue([for email in var.recording_share.emails : can(regex("^[^@,\\s]+@[^@,\\s]+\\.[^@,\\s]+$", email))]), false)
    error_message = "recording_share.emails must be email addresses."
  }
  validation {
    condition     = try(var.recording_share.days, null) == null || try(var.recording_share.days >= 1 && var.recording_share.days <= 364, false)
    error_message = "recording_share.days must be from 1 to 364: Drive takes a year at most."
  }
}

variable "recording_tasks_per_second" {
  description = "The rate of the queue sync-recording. Meet takes 600 reads a minute of one mailbox and a look makes four or more: above 2 only where organizers own their own events."
  type        = number
  default     = 2
  nullable    = false

  validation {
    condition     = var.recording_tasks_per_second > 0 && var.recording_tasks_per_second <= 25
    error_message = "recording_tasks_per_second must be from 1 to 25: Meet takes 6,000 reads a minute of a project."
  }
}

variable "region" {
  description = "Where the functions, the queues, the scheduler and the images are; one that has Cloud Tasks and Cloud Scheduler."
  type        = string
  default     = "europe-west1"
  nullable    = false

  validation {
    condition     = can(regex("^[a-z]+-[a-z]+[0-9]+$", var.region))
    error_message = "region must be a region such as europe-west1."
  }
}

variable "sentry_dsn_secret" {
  description = "The secret in Secret Manager that holds Sentry's DSN (SENTRY_DSN), and its version: made beforehand, so that the state has no value of it. null for no Sentry."
  type = object({
    secret  = string
    version = string
  })
  default = null

  validation {
    condition     = var.sentry_dsn_secret == null || can(regex("^[A-Za-z0-9_-]{1,255}$", var.sentry_dsn_secret.secret))
    error_message = "sentry_dsn_secret.secret must be the name of a secret of this project."
  }
  validation {
    condition     = var.sentry_dsn_secret == null || can(regex("^[1-9][0-9]*$", var.sentry_dsn_secret.version))
    error_message = "sentry_dsn_secret.version must be a number: with latest, instances of one revision would differ."
  }
}

variable "space_access_type" {
  description = "Who enters a room without knocking (SPACE_ACCESS_TYPE): default, open, trusted or restricted; all but default need workspace and one delegated scope more."
  type        = string
  default     = "default"
  nullable    = false

  validation {
    condition     = contains(["default", "open", "trusted", "restricted"], var.space_access_type)
    error_message = "space_access_type must be default, open, trusted or restricted."
  }
}

variable "traces" {
  description = "Whether traces are sent to Cloud Trace (OTLP_TRACES_ENDPOINT), which takes money for spans; of the requests that Cloud Run or the caller samples."
  type        = bool
  default     = false
  nullable    = false
}

variable "workspace" {
  description = "Google Workspace: the domains whose organizers are impersonated (WORKSPACE_DOMAINS) and the mailbox that owns the events of others (WORKSPACE_DELEGATE). null is the mock: no meeting is made at Google."
  type = object({
    delegate_email = string
    domains        = set(string)
  })
  default = null

  validation {
    condition     = var.workspace == null || try(contains(var.workspace.domains, split("@", var.workspace.delegate_email)[1]), false)
    error_message = "workspace.delegate_email must be a mailbox of one of workspace.domains."
  }
  validation {
    condition     = var.workspace != null || (var.recording_bucket == null && var.recording_share == null && !var.auto_recording && var.space_access_type == "default")
    error_message = "auto_recording, space_access_type, recording_share and recording_bucket need workspace: the mock has no real rooms."
  }
}
