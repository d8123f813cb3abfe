variable "project_id" {
  description = "Project that everything is made in."
  type        = string
}

variable "location" {
  description = "Region or multi-region of the database; it can never be changed."
  type        = string
}

variable "indexes" {
  description = "Composite indexes by name: every query of the live store that filters on one field and orders by another needs one."
  type = map(object({
    collection = string
    fields     = list(object({ path = string, order = string }))
  }))
  default = {
    changes_of_a_topic = {
      collection = "live_changes"
      fields     = [{ path = "topic", order = "ASCENDING" }, { path = "id", order = "ASCENDING" }]
    }
    documents_of_a_region = {
      collection = "live_documents"
      fields     = [{ path = "region_id", order = "ASCENDING" }, { path = "at", order = "DESCENDING" }]
    }
  }
}

variable "expiring" {
  description = "Collections whose documents are deleted by Firestore after the time in their field `expires_at`."
  type        = set(string)
  default     = ["live_changes"]
}

variable "deletion_protection" {
  description = "Refuse to delete the database. It is a projection and can be rebuilt, so development may switch this off."
  type        = bool
  default     = true
}
