"""The way to Cloud SQL: a TLS socket to the instance's own proxy, with a certificate of this process's that lives for an hour.

It is the connector of Google's, but for its last step: that would open a connection of another class than ours. Certificates
are fetched when a connection is opened and the old one is about to end (`LazyRefreshCache`): between requests an instance of
Cloud Run has no CPU to do it in the background.
"""

import asyncio
import socket
import ssl
import threading
from collections.abc import Coroutine
from typing import Any, TypeVar

import google.auth
from aiohttp import ClientError
from google.auth.credentials import Credentials
from google.auth.exceptions import GoogleAuthError
from google.cloud.sql.connector import IPTypes
from google.cloud.sql.connector.client import CloudSQLClient
from google.cloud.sql.connector.connection_info import ConnectionInfo
from google.cloud.sql.connector.connection_name import ConnectionName
from google.cloud.sql.connector.lazy import LazyRefreshCache
from google.cloud.sql.connector.utils import generate_keys
from pg8000.native import InterfaceError

SCOPE = "https://www.googleapis.com/auth/sqlservice.admin"
PROXY_PORT = 3307
PATIENCE_S = 30.0

T = TypeVar("T")


class CloudSql:
    """`instance` is `project:region:name`, reached at its private address. `api` and `port` are other than Google's in tests."""

    def __init__(
        self, instance: str, credentials: Credentials | None = None, api: str | None = None, port: int = PROXY_PORT
    ) -> None:
        project, region, name = instance.rsplit(":", 2)
        self._name = ConnectionName(project, region, name)
        self._credentials = credentials or google.auth.default(scopes=[SCOPE])[0]
        self._api = api
        self._port = port
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="cloud-sql", daemon=True)
        self._thread.start()
        self._cache = self._wait_for(self._open())

    def dial(self) -> ssl.SSLSocket:
        """A connected socket. Raises InterfaceError when the instance cannot be reached."""
        try:
            info, context = self._wait_for(self._certified())
            address = info.get_preferred_ip(IPTypes.PRIVATE)
            return _wrapped(socket.create_connection((address, self._port), PATIENCE_S), context, address)
        except (OSError, TimeoutError, ClientError, GoogleAuthError) as error:
            # A new instance under the old name has another address and other certificates.
            self._wait_for(self._cache.force_refresh())
            raise InterfaceError(f"Cloud SQL cannot be reached: {error}") from error

    def close(self) -> None:
        self._wait_for(self._client.close())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    async def _open(self) -> LazyRefreshCache:
        self._client = CloudSQLClient(self._api, None, self._credentials, driver="pg8000")
        return LazyRefreshCache(self._name, self._client, asyncio.ensure_future(generate_keys()))

    async def _certified(self) -> tuple[ConnectionInfo, ssl.SSLContext]:
        info = await self._cache.connect_info()
        return info, await info.create_ssl_context()

    def _wait_for(self, coroutine: Coroutine[Any, Any, T]) -> T:
        return asyncio.run_coroutine_threadsafe(coroutine, self._loop).result(PATIENCE_S)


def _wrapped(plain: socket.socket, context: ssl.SSLContext, address: str) -> ssl.SSLSocket:
    try:
        return context.wrap_socket(plain, server_hostname=address)
    except OSError:
        plain.close()
        raise
