variable "project_id" {
  description = "Project that everything is made in."
  type        = string
}

variable "secrets" {
  description = "Names of the secrets. Their values are put in by an operator and never pass through Terraform or its state."
  type        = set(string)
}
