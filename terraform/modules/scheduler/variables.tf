variable "project_id" {
  description = "Project that everything is made in."
  type        = string
}

variable "region" {
  description = "Region of everything in this module."
  type        = string
}

variable "schedules" {
  description = "What is called by the clock, by the function's name: cron's five fields (UTC), the service's URL, the path."
  type = map(object({
    cron = string
    url  = string
    path = string
  }))
}

variable "job_schedules" {
  description = "Cloud Run jobs that run by the clock: cron's five fields (UTC) by the job's name."
  type        = map(string)
  default     = {}
}

variable "caller" {
  description = "E-mail of the service account whose tokens the calls carry."
  type        = string
}

variable "deadline_s" {
  description = "Seconds that a call may take; at least the longest timeout of the called services."
  type        = number
  default     = 60
}
