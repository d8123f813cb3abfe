output "address" {
  description = "Address that the domain's A record must lead to."
  value       = module.market.address
}

output "repository" {
  description = "Where images are pushed."
  value       = module.market.repository
}

output "builder" {
  description = "E-mail of the delivery pipeline's account."
  value       = module.market.builder
}

output "database_address" {
  description = "Private address of the database."
  value       = module.market.database_address
}

output "connections" {
  description = "Database connections when every instance of every service is busy."
  value       = module.market.connections
}

output "accounts" {
  description = "The account that each service, and each job, runs as."
  value       = module.market.accounts
}

output "profiles" {
  description = "The set of uses of each service and job, as its account is named in Terraform."
  value       = module.market.profiles
}
