variable "project_id" {
  description = "Project that everything is made in."
  type        = string
}

variable "project_number" {
  description = "Number of the project; Pub/Sub's own account is named after it."
  type        = string
}

variable "topics" {
  description = "Topics by name."
  type        = set(string)
}

variable "subscriptions" {
  description = "Who is pushed what: subscriptions by name, `url` being the consumer's service and `types` the message types it wants, all when null."
  type = map(object({
    topic = string
    url   = string
    path  = string
    types = optional(list(string))
  }))

  validation {
    condition     = alltrue([for s in var.subscriptions : contains(var.topics, s.topic)])
    error_message = "Every subscription belongs to one of the topics."
  }
}

variable "caller" {
  description = "E-mail of the service account whose tokens the pushes carry."
  type        = string
}

variable "ack_deadline_s" {
  description = "Seconds that a consumer has to answer. Longer than any consumer's timeout, or messages come twice for nothing."
  type        = number
  default     = 60
}

variable "attempts" {
  description = "Deliveries before a message goes to the dead letters."
  type        = number
  default     = 10
}
