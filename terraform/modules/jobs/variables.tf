variable "project_id" {
  description = "Project that everything is made in."
  type        = string
}

variable "region" {
  description = "Region of everything in this module."
  type        = string
}

variable "jobs" {
  description = "Jobs of the manifest: what they use and what a run may take."
  type = list(object({
    name       = string
    uses       = list(string)
    cpu        = number
    memory_mib = number
    timeout_s  = number
  }))
}

variable "image" {
  description = "Image of the first deployment; later ones are the delivery pipeline's."
  type        = string
}

variable "accounts" {
  description = "E-mail of the account that each job runs as."
  type        = map(string)
}

variable "environment" {
  description = "Environment variables of every job."
  type        = map(string)
  default     = {}
}

variable "secrets" {
  description = "Secrets by name: the environment variable that holds it, and the uses that need it."
  type        = map(object({ variable = string, uses = list(string) }))
}

variable "maps_bucket" {
  description = "Bucket of streets and roads, mounted where they are written."
  type        = string
}

variable "vpc" {
  description = "Network and subnet through which private addresses are reached."
  type        = object({ network = string, subnet = string })
}

variable "schedule_caller" {
  description = "E-mail of the account that starts jobs by the clock."
  type        = string
}

variable "scheduled" {
  description = "Names of the jobs that the clock may start."
  type        = set(string)
  default     = []
}

variable "deletion_protection" {
  description = "Refuse to delete jobs."
  type        = bool
  default     = true
}
