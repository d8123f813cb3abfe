variable "project_id" {
  description = "Project that everything is made in."
  type        = string
}

variable "region" {
  description = "Region in which the key stays."
  type        = string
}

variable "protection_level" {
  description = "SOFTWARE, or HSM for a key that only ever is in hardware."
  type        = string
  default     = "SOFTWARE"

  validation {
    condition     = contains(["SOFTWARE", "HSM"], var.protection_level)
    error_message = "Choose SOFTWARE or HSM."
  }
}
