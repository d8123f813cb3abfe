output "account_of" {
  description = "E-mail of the account that each workload runs as."
  value       = { for name, profile in local.profile_of : name => google_service_account.workload[profile].email }
}

output "profile_of" {
  description = "The set of uses of each workload, as its account is named in Terraform."
  value       = local.profile_of
}

output "callers" {
  description = "E-mails of the accounts with which Pub/Sub (`push`), Cloud Tasks (`tasks`) and Cloud Scheduler (`schedule`) call."
  value       = { for name, account in google_service_account.caller : name => account.email }
}

output "account_names" {
  description = "Resource name of the account of each set of uses."
  value       = { for profile, account in google_service_account.workload : profile => account.name }
}

output "account_id_of" {
  description = "Short name of the account that each workload runs as; known before anything exists."
  value       = { for name, profile in local.profile_of : name => google_service_account.workload[profile].account_id }
}
