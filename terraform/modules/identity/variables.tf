variable "project_id" {
  description = "Project that everything is made in."
  type        = string
}

variable "workloads" {
  description = "Services and jobs by name, each with the resources that it uses, as its functions declare them."
  type        = map(object({ uses = list(string) }))

  validation {
    condition     = alltrue([for w in var.workloads : alltrue([for use in w.uses : contains(keys(local.short), use)])])
    error_message = "A workload uses a resource that this module knows no grant for; add it to grants.tf."
  }
}

variable "topics" {
  description = "Topics that those who use `messages` may publish to."
  type        = set(string)
}

variable "queues" {
  description = "Queues that those who use `tasks` may put tasks into."
  type        = set(string)
}

variable "region" {
  description = "Region of the queues."
  type        = string
}

variable "buckets" {
  description = "Full names of the buckets `maps` and `archive`."
  type        = object({ maps = string, archive = string })
}

variable "secrets" {
  description = "Secrets by name, each with the uses that need it."
  type        = map(object({ uses = list(string) }))
}

variable "vault_key" {
  description = "Full name of the key that those who use `vault` may encrypt and decrypt with."
  type        = string
}

variable "telemetry" {
  description = "Let every account write traces and metrics, for the collector beside each service."
  type        = bool
  default     = false
}
