locals {
  maps = "/mnt/maps"
  jobs = { for job in var.jobs : replace(job.name, "_", "-") => job }
  secrets_of = {
    for name, job in local.jobs : name => {
      for secret, it in var.secrets : it.variable => secret if length(setintersection(it.uses, job.uses)) > 0
    }
  }
  environment_of = {
    for name, job in local.jobs : name => merge(
      var.environment,
      contains(job.uses, "maps_write") ? { STREETS_FILE = "${local.maps}/streets.geojson.gz", ROADS_FILE = "${local.maps}/roads.npz" } : {},
    )
  }
}

resource "google_cloud_run_v2_job" "job" {
  for_each            = local.jobs
  project             = var.project_id
  location            = var.region
  name                = each.key
  deletion_protection = var.deletion_protection

  binary_authorization {
    use_default = true
  }

  template {
    task_count = 1

    template {
      service_account       = var.accounts[each.value.name]
      timeout               = "${each.value.timeout_s}s"
      max_retries           = 1
      execution_environment = "EXECUTION_ENVIRONMENT_GEN2"

      vpc_access {
        egress = "PRIVATE_RANGES_ONLY"
        network_interfaces {
          network    = var.vpc.network
          subnetwork = var.vpc.subnet
        }
      }

      containers {
        name    = "job"
        image   = var.image
        command = ["python", "-m", "infra.jobs"]
        args    = [each.value.name]

        resources {
          limits = { cpu = tostring(each.value.cpu), memory = "${each.value.memory_mib}Mi" }
        }

        dynamic "env" {
          for_each = local.environment_of[each.key]
          content {
            name  = env.key
            value = env.value
          }
        }

        dynamic "env" {
          for_each = local.secrets_of[each.key]
          content {
            name = env.key
            value_source {
              secret_key_ref {
                secret  = env.value
                version = "latest"
              }
            }
          }
        }

        dynamic "volume_mounts" {
          for_each = contains(each.value.uses, "maps_write") ? [1] : []
          content {
            name       = "maps"
            mount_path = local.maps
          }
        }
      }

      dynamic "volumes" {
        for_each = contains(each.value.uses, "maps_write") ? [1] : []
        content {
          name = "maps"
          gcs {
            bucket    = var.maps_bucket
            read_only = false
          }
        }
      }
    }
  }

  lifecycle {
    ignore_changes = [template[0].template[0].containers[0].image, client, client_version]
  }
}
