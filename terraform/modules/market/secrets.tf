# The environment variable that holds each secret, and the uses whose workloads are given it.
locals {
  secrets = {
    database-url             = { variable = "DATABASE_URL", uses = ["database"] }
    database-owner-url       = { variable = "DATABASE_URL", uses = ["schema"] }
    log-keys                 = { variable = "LOG_KEYS", uses = ["log_keys"] }
    payments-key             = { variable = "PAYMENTS_KEY", uses = ["payments"] }
    payments-webhook-key     = { variable = "PAYMENTS_WEBHOOK_KEY", uses = ["payments"] }
    verification-key         = { variable = "VERIFICATION_KEY", uses = ["verification"] }
    verification-webhook-key = { variable = "VERIFICATION_WEBHOOK_KEY", uses = ["verification"] }
    admin-password           = { variable = "ADMIN_PASSWORD", uses = ["operator_passwords"] }
    support-password         = { variable = "SUPPORT_PASSWORD", uses = ["operator_passwords"] }
  }
}

module "secrets" {
  source     = "../secrets"
  project_id = var.project_id
  secrets    = keys(local.secrets)
  depends_on = [google_project_service.api]
}
