output "address" {
  description = "Address that the domain's A record must lead to."
  value       = module.edge.address
}

output "repository" {
  description = "Where images are pushed."
  value       = module.registry.repository
}

output "builder" {
  description = "E-mail of the delivery pipeline's account."
  value       = module.registry.builder
}

output "database_address" {
  description = "Private address of the database."
  value       = module.sql.private_address
}

output "services" {
  description = "Services with the functions that they serve."
  value       = { for name, s in module.grouping.services : name => s.functions }
}

output "connections" {
  description = "Database connections when every instance of every service is busy."
  value       = module.grouping.connections
}

output "accounts" {
  description = "The account that each service, and each job, runs as."
  value       = module.identity.account_id_of
}

output "profiles" {
  description = "The set of uses of each service and job, as its account is named in Terraform."
  value       = module.identity.profile_of
}
