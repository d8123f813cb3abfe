variable "project_id" {
  description = "Project that everything is made in."
  type        = string
}

variable "project_number" {
  description = "Number of the project; addresses of services and Google's own accounts are made of it."
  type        = string
}

variable "region" {
  description = "Region of everything that has one."
  type        = string
  default     = "us-south1"
}

variable "manifest" {
  description = "Path of the manifest that `cloudrun manifest --write` makes from the code."
  type        = string
}

variable "environment" {
  description = "What the functions call this environment; `production` refuses what is for tests and demos."
  type        = string

  validation {
    condition     = contains(["development", "production"], var.environment)
    error_message = "Choose development or production."
  }
}

variable "age_checks" {
  description = "Who checks ages: `fake`, or `onfido` with its region and the id of the workflow in Onfido Studio."
  type        = object({ provider = string, region = optional(string, "us"), workflow_id = optional(string, "") })
  default     = { provider = "fake" }

  validation {
    condition     = contains(["fake", "fake_document", "onfido"], var.age_checks.provider)
    error_message = "Choose fake, fake_document or onfido."
  }
  validation {
    condition     = var.age_checks.provider != "onfido" || var.age_checks.workflow_id != ""
    error_message = "Onfido needs the id of a workflow."
  }
}

variable "domain" {
  description = "The one name of the market, like market.example.com."
  type        = string
}

variable "image" {
  description = "Image of the first deployment, by its digest."
  type        = string
}

variable "grouping" {
  description = "`endpoint`: a service for each function. `process`: functions that share a process share a service."
  type        = string
  default     = "endpoint"
}

variable "always_warm" {
  description = "Keep the instances that functions ask to be kept."
  type        = bool
  default     = true
}

variable "database" {
  description = "The database's machine, the connections it allows, whether a standby waits, and a region for a replica."
  type = object({
    tier              = string
    max_connections   = number
    high_availability = bool
    backups_kept      = optional(number, 30)
    replica_region    = optional(string)
  })
}

variable "archive" {
  description = "How many days evidence cannot be deleted, and whether that can never be shortened again."
  type        = object({ retention_days = number, locked = bool })
}

variable "delivery_service" {
  description = "Who delivers, as reports to the authorities name it: name, address and phone number, separated by bars."
  type        = string

  validation {
    condition     = length([for part in split("|", var.delivery_service) : part if trimspace(part) != ""]) == 3
    error_message = "Give a name, an address and a phone number, separated by bars."
  }
}

variable "alert_emails" {
  description = "Who is written to when something needs a person."
  type        = set(string)
}

variable "budget" {
  description = "Billing account and the month's budget in whole units of its currency; none when null."
  type        = object({ billing_account = string, currency = string, units = number })
  default     = null
}

variable "collector_image" {
  description = "Image of the OpenTelemetry collector beside each service; none when null."
  type        = string
  default     = null
}

variable "witnesses" {
  description = "Who witnesses the transparency log: addresses and public keys in turn, separated by spaces."
  type        = string
  default     = ""
}

variable "deletion_protection" {
  description = "Refuse to delete what holds data or serves."
  type        = bool
  default     = true
}

variable "attestation_required" {
  description = "Run attested images alone."
  type        = bool
  default     = true
}

variable "waf_enforced" {
  description = "Refuse what looks like an attack instead of only logging it."
  type        = bool
  default     = true
}
