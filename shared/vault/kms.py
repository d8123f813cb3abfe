"""The key that encrypts keys, in Cloud KMS: it never leaves there (cloud.google.com/kms/docs/envelope-encryption)."""

from collections import OrderedDict
from threading import Lock

import google_crc32c
from google.api_core.exceptions import GoogleAPIError, InvalidArgument
from google.api_core.retry import Retry
from google.cloud.kms_v1 import DecryptRequest, EncryptRequest, KeyManagementServiceClient

from shared.kernel.errors import Unavailable
from shared.vault.protocol import CannotOpen

TIMEOUT_S = 3.0
REMEMBERED = 1_024
"""Data keys a process holds opened. Without the row that holds a key's wrapped form nothing asks for it: a key that was
destroyed is not used again."""

_ATTEMPTS = Retry(initial=0.1, maximum=1.0, timeout=TIMEOUT_S)


class CloudKms:
    """`name` is `projects/…/locations/…/keyRings/…/cryptoKeys/…`; its primary version wraps, every version unwraps.

    What goes and comes is checked by CRC32C, as Cloud KMS asks ("Verify the integrity of data").
    """

    def __init__(self, client: KeyManagementServiceClient, name: str) -> None:
        self._client = client
        self._name = name
        self._opened: OrderedDict[tuple[bytes, str], bytes] = OrderedDict()
        self._lock = Lock()

    def wrap(self, key: bytes, context: str) -> bytes:
        bound = context.encode()
        request = EncryptRequest(
            name=self._name,
            plaintext=key,
            plaintext_crc32c=google_crc32c.value(key),
            additional_authenticated_data=bound,
            additional_authenticated_data_crc32c=google_crc32c.value(bound),
        )
        try:
            answer = self._client.encrypt(request, retry=_ATTEMPTS, timeout=TIMEOUT_S)
        except GoogleAPIError as error:
            raise _away(error) from error
        arrived = answer.verified_plaintext_crc32c and answer.verified_additional_authenticated_data_crc32c
        if not arrived or answer.ciphertext_crc32c != google_crc32c.value(answer.ciphertext):
            raise Unavailable("What Cloud KMS received or sent was damaged on the way. Send the request again.")
        self._remember((answer.ciphertext, context), key)
        return bytes(answer.ciphertext)

    def unwrap(self, wrapped: bytes, context: str) -> bytes:
        with self._lock:
            found = self._opened.get((wrapped, context))
        if found is not None:
            return found
        bound = context.encode()
        request = DecryptRequest(
            name=self._name,
            ciphertext=wrapped,
            ciphertext_crc32c=google_crc32c.value(wrapped),
            additional_authenticated_data=bound,
            additional_authenticated_data_crc32c=google_crc32c.value(bound),
        )
        try:
            answer = self._client.decrypt(request, retry=_ATTEMPTS, timeout=TIMEOUT_S)
        except InvalidArgument:
            raise CannotOpen(f"{context} was not wrapped by {self._name}, or was changed since") from None
        except GoogleAPIError as error:
            raise _away(error) from error
        if answer.plaintext_crc32c != google_crc32c.value(answer.plaintext):
            raise Unavailable("What Cloud KMS sent was damaged on the way. Send the request again.")
        self._remember((wrapped, context), answer.plaintext)
        return bytes(answer.plaintext)

    def _remember(self, place: tuple[bytes, str], key: bytes) -> None:
        with self._lock:
            self._opened[place] = key
            while len(self._opened) > REMEMBERED:
                self._opened.popitem(last=False)


def _away(error: GoogleAPIError) -> Unavailable:
    return Unavailable(f"Cloud KMS did not answer ({type(error).__name__}). Send the request again in a moment.")
