"""The key that encrypts keys, as settings name it."""

import os
from functools import cache
from pathlib import Path

from shared.vault.protocol import KeyEncryption
from shared.wiring.settings import InvalidSettings


@cache
def key_encryption() -> KeyEncryption:
    """`VAULT_KMS_KEY`, the name of a key in Cloud KMS, or else `VAULT_KEY_FILE`. Raises InvalidSettings."""
    if name := os.environ.get("VAULT_KMS_KEY"):
        from google.cloud.kms_v1 import KeyManagementServiceClient

        from shared.vault.kms import CloudKms

        return CloudKms(KeyManagementServiceClient(), name)
    from shared.vault.embedded import KeyFile

    try:
        return KeyFile(Path(os.environ["VAULT_KEY_FILE"]))
    except (KeyError, OSError, ValueError) as error:
        raise InvalidSettings(
            "Set VAULT_KMS_KEY to a key of Cloud KMS, or VAULT_KEY_FILE to a file with 32 random bytes in base64: "
            f"`openssl rand -base64 32 > vault.key` ({error})."
        ) from error
