variable "project_id" {
  description = "Project of this environment."
  type        = string
}

variable "project_number" {
  description = "Its number: `gcloud projects describe PROJECT --format='value(projectNumber)'`."
  type        = string
}

variable "region" {
  description = "Region of everything that has one."
  type        = string
  default     = "us-south1"
}

variable "domain" {
  description = "The one name of the market, like market.example.com."
  type        = string
}

variable "image" {
  description = "Image of the first deployment, by its digest."
  type        = string
}

variable "delivery_service" {
  description = "Who delivers, as reports to the authorities name it: name, address and phone number, separated by bars."
  type        = string
}

variable "onfido_workflow_id" {
  description = "The workflow in Onfido Studio that checks a customer's document, face and age."
  type        = string
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

variable "replica_region" {
  description = "Region of the replica that is promoted when the primary's region is lost."
  type        = string
  default     = "us-central1"
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
