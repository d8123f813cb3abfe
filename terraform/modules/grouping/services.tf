locals {
  service_of = {
    for f in var.functions : f.name => (
      var.grouping == "endpoint" ? replace(f.name, "_", "-") : "${f.internal ? "internal" : "public"}-${f.process}"
    )
  }
  members = { for f in var.functions : local.service_of[f.name] => f... }

  services = {
    for name, members in local.members : name => {
      functions   = [for f in members : f.name]
      flavour     = members[0].flavour
      internal    = members[0].internal
      uses        = sort(distinct(flatten(members[*].uses)))
      concurrency = max(members[*].concurrency...)
      pool        = max(members[*].pool...)
      cpu         = max(members[*].cpu...)
      memory_mib  = max(members[*].memory_mib...)
      timeout_s   = max(members[*].timeout_s...)
      max_instances = (
        var.grouping == "endpoint" ? members[0].max_instances : min(var.instances_of_group, sum(members[*].max_instances))
      )
      min_instances = var.always_warm ? max(members[*].min_instances...) : 0
    }
  }
}
