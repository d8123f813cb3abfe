locals {
  maps = "/mnt/maps"
  environment_of = {
    for name, s in var.services : name => merge(
      var.environment,
      {
        FUNCTION_TARGET = join(",", s.functions)
        THREADS         = tostring(s.concurrency)
        POOL_SIZE       = tostring(max(1, s.pool))
      },
      contains(s.uses, "maps_read") ? { STREETS_FILE = "${local.maps}/streets.geojson.gz", ROADS_FILE = "${local.maps}/roads.npz" } : {},
      s.internal ? { CALLERS = join(" ", values(lookup(var.callers, name, {}))) } : {},
      var.collector_image == null ? {} : { OTEL_EXPORTER_OTLP_ENDPOINT = "http://localhost:4318" },
    )
  }
  secrets_of = {
    for name, s in var.services : name => {
      for secret, it in var.secrets : it.variable => secret if length(setintersection(it.uses, s.uses)) > 0
    }
  }
}

resource "google_cloud_run_v2_service" "function" {
  for_each            = var.services
  project             = var.project_id
  location            = var.region
  name                = each.key
  description         = "Serves ${length(each.value.functions) == 1 ? each.value.functions[0] : "${length(each.value.functions)} functions"}."
  deletion_protection = var.deletion_protection
  labels              = { flavour = each.value.flavour, side = each.value.internal ? "internal" : "public" }

  # The load balancer is the only way in from the world. Sessions are checked by the function itself, so a public service
  # asks for no Google identity; an internal one lets in the named callers alone.
  ingress              = each.value.internal ? "INGRESS_TRAFFIC_INTERNAL_ONLY" : "INGRESS_TRAFFIC_INTERNAL_LOAD_BALANCER"
  invoker_iam_disabled = !each.value.internal

  binary_authorization {
    use_default = true
  }

  template {
    service_account                  = var.accounts[each.key]
    timeout                          = "${each.value.timeout_s}s"
    max_instance_request_concurrency = each.value.concurrency
    execution_environment            = "EXECUTION_ENVIRONMENT_GEN2"

    scaling {
      min_instance_count = each.value.min_instances
      max_instance_count = each.value.max_instances
    }

    vpc_access {
      egress = "PRIVATE_RANGES_ONLY"
      network_interfaces {
        network    = var.vpc.network
        subnetwork = var.vpc.subnet
      }
    }

    containers {
      name  = "function"
      image = var.image

      ports {
        container_port = 8080
      }

      resources {
        limits            = { cpu = tostring(each.value.cpu), memory = "${each.value.memory_mib}Mi" }
        cpu_idle          = true
        startup_cpu_boost = true
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
        for_each = contains(each.value.uses, "maps_read") ? [1] : []
        content {
          name       = "maps"
          mount_path = local.maps
        }
      }

      startup_probe {
        period_seconds    = 1
        timeout_seconds   = 1
        failure_threshold = 60
        http_get {
          path = "/health"
        }
      }

      liveness_probe {
        period_seconds    = 15
        timeout_seconds   = 5
        failure_threshold = 4
        http_get {
          path = "/health"
        }
      }
    }

    dynamic "containers" {
      for_each = var.collector_image == null ? [] : [var.collector_image]
      content {
        name  = "collector"
        image = containers.value
        resources {
          limits   = { cpu = "0.5", memory = "256Mi" }
          cpu_idle = true
        }
      }
    }

    dynamic "volumes" {
      for_each = contains(each.value.uses, "maps_read") ? [1] : []
      content {
        name = "maps"
        gcs {
          bucket    = var.maps_bucket
          read_only = true
        }
      }
    }
  }

  # Which image runs, and who gets it, is decided by the delivery pipeline: a canary must not be undone by a plan.
  lifecycle {
    ignore_changes = [template[0].containers[0].image, template[0].revision, traffic, client, client_version]
  }
}
