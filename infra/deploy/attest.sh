#!/usr/bin/env bash
# Sign an image's digest: it was built from a tested commit and scanned. Cloud Run starts no other.
# usage: attest.sh PROJECT REGION IMAGE@sha256:…
set -euo pipefail
project=${1:?project} region=${2:?region} image=${3:?image by digest}

[[ $image == *@sha256:* ]] || { echo "Name the image by its digest: a tag can come to mean another one." >&2; exit 1; }
gcloud container binauthz attestations sign-and-create \
  --project="$project" --artifact-url="$image" --attestor=tested --attestor-project="$project" \
  --keyversion-project="$project" --keyversion-location="$region" --keyversion-keyring=delivery \
  --keyversion-key=attestor --keyversion=1
