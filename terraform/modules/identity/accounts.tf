# One account for each set of uses: workloads that need the same share it, and none has what it does not need.
# One for each function would meet the quota of a hundred accounts to a project.
locals {
  short = {
    archive            = "archive"
    database           = "db"
    live_read          = "liver"
    live_write         = "livew"
    log_keys           = "keys"
    maps_read          = "mapsr"
    maps_write         = "mapsw"
    messages           = "msg"
    operator_passwords = "seed"
    payments           = "pay"
    schema             = "schema"
    tasks              = "task"
    vault              = "vault"
    verification       = "age"
  }
  profile_of = {
    for name, w in var.workloads : name => join("-", concat(["run"], length(w.uses) == 0 ? ["nothing"] : [for use in sort(w.uses) : local.short[use]]))
  }
  uses_of = { for name, w in var.workloads : local.profile_of[name] => sort(w.uses)... }
  profiles = {
    for profile, uses in local.uses_of : profile => uses[0]
  }
}

resource "google_service_account" "workload" {
  for_each     = local.profiles
  project      = var.project_id
  account_id   = length(each.key) <= 30 ? each.key : "run-${substr(sha256(each.key), 0, 16)}"
  display_name = length(each.value) == 0 ? "Uses nothing" : "Uses ${join(", ", each.value)}"
}
