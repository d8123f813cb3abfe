variable "project_id" {
  description = "Project that everything is made in."
  type        = string
}

variable "region" {
  description = "Region of the primary."
  type        = string
}

variable "network" {
  description = "VPC that is peered with Google's services; the database has a private address in it and no other."
  type        = string
}

variable "tier" {
  description = "Machine of the primary, like db-custom-8-32768."
  type        = string
}

variable "high_availability" {
  description = "Keep a standby in another zone that takes over by itself."
  type        = bool
}

variable "max_connections" {
  description = "Connections that Postgres allows. The services together must stay below 80 per cent of it."
  type        = number

  validation {
    condition     = var.max_connections >= 25 && var.max_connections <= 5000
    error_message = "Choose from 25 to 5000; each connection takes memory."
  }
}

variable "connections_needed" {
  description = "Connections that all services take at their most."
  type        = number
}

variable "backups_kept" {
  description = "Number of daily backups kept."
  type        = number
  default     = 30
}

variable "replica_region" {
  description = "Region of a replica that can be promoted when the primary's region is lost; none when null."
  type        = string
  default     = null
}

variable "deletion_protection" {
  description = "Refuse to delete the database."
  type        = bool
  default     = true
}
