variable "project_id" {
  description = "Project that everything is made in."
  type        = string
}

variable "region" {
  description = "Region of the subnet, and of everything that runs in it."
  type        = string
}

variable "subnet_cidr" {
  description = "Addresses of the instances that serve; one instance takes one address, and Cloud Run keeps some in reserve."
  type        = string
  default     = "10.8.0.0/20"

  validation {
    condition     = can(cidrhost(var.subnet_cidr, 0)) && tonumber(split("/", var.subnet_cidr)[1]) <= 24
    error_message = "Give a range of at least 256 addresses, like 10.8.0.0/20."
  }
}
