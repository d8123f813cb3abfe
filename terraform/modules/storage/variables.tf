variable "project_id" {
  description = "Project that everything is made in."
  type        = string
}

variable "location" {
  description = "Region or multi-region of the buckets, like US."
  type        = string
}

variable "buckets" {
  description = "Buckets by their short name, which the project's id precedes. `retention_days` forbids deletion for that long; `locked` makes that irrevocable."
  type = map(object({
    versioned      = optional(bool, true)
    retention_days = optional(number)
    locked         = optional(bool, false)
    storage_class  = optional(string, "STANDARD")
  }))

  validation {
    condition     = alltrue([for b in var.buckets : !(b.versioned && b.retention_days != null)])
    error_message = "A bucket keeps versions or has a retention period, not both: what may not be deleted needs no old versions."
  }
  validation {
    condition     = alltrue([for b in var.buckets : !b.locked || b.retention_days != null])
    error_message = "Only a retention period can be locked: give retention_days."
  }
}
