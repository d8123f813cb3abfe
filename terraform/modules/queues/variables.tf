variable "project_id" {
  description = "Project that everything is made in."
  type        = string
}

variable "region" {
  description = "Region of everything in this module."
  type        = string
}

variable "queues" {
  description = "Queues by name: calls a second, calls at once, and how often a task is tried."
  type = map(object({
    rate_per_s = number
    concurrent = number
    attempts   = number
  }))
}
