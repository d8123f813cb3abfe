variable "functions" {
  description = "The functions of the manifest."
  type = list(object({
    name          = string
    flavour       = string
    process       = string
    internal      = bool
    uses          = list(string)
    concurrency   = number
    pool          = number
    min_instances = number
    max_instances = number
    cpu           = number
    memory_mib    = number
    timeout_s     = number
  }))
}

variable "grouping" {
  description = "`endpoint` gives each function a service of its own; `process` puts those together that share a process and a side of the door."
  type        = string
  default     = "endpoint"

  validation {
    condition     = contains(["endpoint", "process"], var.grouping)
    error_message = "Choose endpoint or process."
  }
}

variable "instances_of_group" {
  description = "The most instances of a service that serves a group. Unused when each function has its own."
  type        = number
  default     = 3
}

variable "always_warm" {
  description = "Keep the instances that functions ask to be kept; false lets everything scale to zero."
  type        = bool
  default     = true
}
