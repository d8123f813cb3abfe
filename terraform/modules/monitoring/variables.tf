variable "project_id" {
  description = "Project that everything is made in."
  type        = string
}

variable "domain" {
  description = "The market's name, for the check from outside."
  type        = string
}

variable "alert_emails" {
  description = "Who is written to when something needs a person."
  type        = set(string)

  validation {
    condition     = length(var.alert_emails) > 0
    error_message = "Alerts that nobody reads are none: name at least one address."
  }
}

variable "url_map" {
  description = "Name of the load balancer, as its metrics are labelled."
  type        = string
}

variable "database" {
  description = "Cloud SQL instance and the connections that it allows."
  type        = object({ instance = string, max_connections = number })
}

variable "dead_letters" {
  description = "Subscription that holds what could not be delivered."
  type        = string
}

variable "availability_goal" {
  description = "Share of requests that must not end in a 5xx, over four weeks."
  type        = number
  default     = 0.999
}

variable "latency_goal" {
  description = "Share of requests that must be answered within `latency_ms`, over four weeks."
  type        = number
  default     = 0.95
}

variable "latency_ms" {
  description = "Milliseconds within which a request counts as fast."
  type        = number
  default     = 500
}

variable "budget" {
  description = "Billing account, and the month's budget in whole units of its currency; no budget when null."
  type        = object({ billing_account = string, currency = string, units = number })
  default     = null
}
