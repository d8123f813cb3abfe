variable "project_id" {
  description = "Project that everything is made in."
  type        = string
}

variable "region" {
  description = "Region of everything in this module."
  type        = string
}

variable "domain" {
  description = "The one name of the market, like market.example.com; its A record must lead to the output `address`."
  type        = string
}

variable "routes" {
  description = "Public routes in the order in which they are tried: method, path with `{placeholders}`, and the service that answers."
  type = list(object({
    method  = string
    path    = string
    service = string
  }))

  validation {
    condition     = length(distinct([for r in var.routes : "${r.method} ${r.path}"])) == length(var.routes)
    error_message = "Two routes have the same method and path."
  }
}

variable "default_service" {
  description = "Service that answers what no route matches; it says that there is nothing."
  type        = string
}

variable "requests_per_minute" {
  description = "Requests of one address before it is told to wait. Callers' own limits are the functions'."
  type        = number
  default     = 6000
}

variable "waf_enforced" {
  description = "Refuse what looks like an attack; false only logs it, to find false alarms first."
  type        = bool
  default     = true
}
