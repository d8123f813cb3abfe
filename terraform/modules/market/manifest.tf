# The code is the one source: everything below follows from its declarations.
locals {
  manifest = jsondecode(file(var.manifest))
}

module "grouping" {
  source      = "../grouping"
  functions   = local.manifest.functions
  grouping    = var.grouping
  always_warm = var.always_warm
}

locals {
  service_of = module.grouping.service_of
  # A service's address is known before it exists.
  url_of = { for name, service in local.service_of : name => "https://${service}-${var.project_number}.${var.region}.run.app" }
}
