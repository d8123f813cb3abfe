variable "project_id" {
  description = "Project that everything is made in."
  type        = string
}

variable "location" {
  description = "Region or multi-region of the database; it can never be changed."
  type        = string
}

variable "unindexed" {
  description = "Fields that no query asks for."
  type        = set(object({ collection = string, path = string }))
  default = [
    { collection = "live_changes", path = "changes" },
    { collection = "live_documents", path = "body" },
    { collection = "live_documents", path = "region_id" },
    { collection = "live_documents", path = "at" },
  ]
}

variable "expiring" {
  description = "Collections whose documents are deleted by Firestore after the time in their field `expires_at`."
  type        = set(string)
  default     = ["live_changes", "live_documents"]
}

variable "deletion_protection" {
  description = "Refuse to delete the database. It is a projection and can be rebuilt, so development may switch this off."
  type        = bool
  default     = true
}
