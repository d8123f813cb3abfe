#!/usr/bin/env bash
# Bring the database to the schema of an image, before any of its functions runs. Old code must work on the new schema.
# usage: migrate.sh REGION IMAGE@sha256:…
set -euo pipefail
region=${1:?region} image=${2:?image by digest}

gcloud run jobs update migrate --region="$region" --image="$image" --quiet
gcloud run jobs execute migrate --region="$region" --wait --quiet
