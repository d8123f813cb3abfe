output "services" {
  description = "Each service with its functions, its flavour, what it uses and how large it may grow."
  value       = local.services
}

output "service_of" {
  description = "The service that serves each function."
  value       = local.service_of
}

output "connections" {
  description = "Database connections when every instance of every service is busy."
  value       = sum([for s in local.services : s.max_instances * s.pool])
}
