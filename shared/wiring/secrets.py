"""Secrets that Secret Manager keeps, for processes that Cloud Run does not hand them to: an operator's jobs, a laptop."""

import os
from functools import cache


@cache
def read(name: str) -> str:
    """One version's value; `name` is `projects/P/secrets/S/versions/V`. `SECRET_MANAGER_EMULATOR_HOST` leads to a stand-in.

    Raises GoogleAPICallError.
    """
    import grpc
    from google.cloud.secretmanager_v1 import SecretManagerServiceClient
    from google.cloud.secretmanager_v1.services.secret_manager_service.transports import (
        SecretManagerServiceGrpcTransport,
    )

    if emulator := os.environ.get("SECRET_MANAGER_EMULATOR_HOST"):
        transport = SecretManagerServiceGrpcTransport(channel=grpc.insecure_channel(emulator))
        client = SecretManagerServiceClient(transport=transport)
    else:
        client = SecretManagerServiceClient()
    return client.access_secret_version(name=name, timeout=10.0).payload.data.decode()
