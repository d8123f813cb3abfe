"""The steps of cloudbuild.yaml. Each runs alone: `python -m infra.deploy.smoke https://…`; only the cloud's need `gcloud`."""
