variable "project_id" {
  description = "Project that everything is made in."
  type        = string
}

variable "region" {
  description = "Region of everything in this module."
  type        = string
}

variable "services" {
  description = "Services by name, as the module `grouping` gives them: what they serve and how large they may grow."
  type = map(object({
    functions     = list(string)
    flavour       = string
    internal      = bool
    uses          = list(string)
    concurrency   = number
    pool          = number
    cpu           = number
    memory_mib    = number
    timeout_s     = number
    min_instances = number
    max_instances = number
  }))

  validation {
    condition     = alltrue([for name in keys(var.services) : can(regex("^[a-z][a-z0-9-]{0,47}[a-z0-9]$", name))])
    error_message = "A service's name is 2 to 49 small letters, digits and hyphens."
  }
}

variable "image" {
  description = "Image of the first deployment; later ones are the delivery pipeline's."
  type        = string
}

variable "accounts" {
  description = "E-mail of the account that each service runs as."
  type        = map(string)
}

variable "environment" {
  description = "Environment variables of every service."
  type        = map(string)
  default     = {}
}

variable "secrets" {
  description = "Secrets by name: the environment variable that holds it, and the uses that need it."
  type        = map(object({ variable = string, uses = list(string) }))
}

variable "maps_bucket" {
  description = "Bucket of streets and roads, mounted read-only where they are used."
  type        = string
}

variable "vpc" {
  description = "Network and subnet through which private addresses are reached."
  type        = object({ network = string, subnet = string })
}

variable "callers" {
  description = "Who may call an internal service, by its name: e-mails of accounts, each under a word for it. Nobody else can."
  type        = map(map(string))
  default     = {}

  validation {
    condition     = alltrue([for name in keys(var.callers) : var.services[name].internal])
    error_message = "Callers are named for internal services alone; the others are called through the load balancer."
  }
}

variable "collector_image" {
  description = "Image of an OpenTelemetry collector that runs beside each service and is sent traces and metrics; none when null."
  type        = string
  default     = null
}

variable "deletion_protection" {
  description = "Refuse to delete services."
  type        = bool
  default     = true
}
