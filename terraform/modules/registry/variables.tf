variable "project_id" {
  description = "Project that everything is made in."
  type        = string
}

variable "region" {
  description = "Region of everything in this module."
  type        = string
}

variable "attestation_required" {
  description = "Refuse to run an image that the delivery pipeline has not attested; false only writes down what would be refused."
  type        = bool
  default     = true
}
