"""Signed-in accounts: they register once, sign in again when a session ends, and survive a restart."""

import asyncio
import hashlib
import json
import secrets
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp

from infra.market.client import Api, Json, Problem, StreamEvent

RECONNECT_WAIT_S = 0.5
"""Wall seconds between two attempts to open a lost stream."""


class Account:
    """One account of the API and its current session."""

    def __init__(self, api: Api, email: str, password: str) -> None:
        self._api = api
        self._email = email
        self._password = password
        self._token = ""
        self._signing_in = asyncio.Lock()
        self.tenant_id = ""

    async def sign_in(self) -> None:
        """Raises Problem (401) when the account is not known."""
        self._enter(await self._api.send("POST", "/v1/auth/login", {"email": self._email, "password": self._password}))

    async def sign_in_or_register(self, name: str, phone: str, role: str, *, known: bool) -> None:
        """Register, or sign in where the account may be `known` from an earlier run."""
        if known:
            try:
                return await self.sign_in()
            except Problem as problem:
                if problem.status != 401:
                    raise
        details = {"email": self._email, "password": self._password, "name": name, "phone": phone, "role": role}
        try:
            self._enter(await self._api.send("POST", "/v1/auth/register", details))
        except Problem as problem:
            if problem.code != "email_taken":
                raise
            await self.sign_in()

    async def get(self, path: str, **query: object) -> Json:
        return await self._call("GET", path, query=query or None)

    async def post(self, path: str, body: Json | None = None) -> Json:
        return await self._call("POST", path, body if body is not None else {})

    async def patch(self, path: str, body: Json) -> Json:
        return await self._call("PATCH", path, body)

    async def follow(self, path: str) -> AsyncIterator[StreamEvent]:
        """The events of a stream for ever, resumed after a loss from the last one seen."""
        last_id = ""
        while True:
            token = self._token
            try:
                async for event in self._api.stream(path, token, last_id):
                    last_id = event.id or last_id
                    yield event
            except (aiohttp.ClientError, TimeoutError):
                await asyncio.sleep(RECONNECT_WAIT_S)
            except Problem as problem:
                if problem.status == 401:
                    await self._renew(token)
                elif problem.status < 500:
                    raise
                await asyncio.sleep(RECONNECT_WAIT_S)

    async def _call(self, method: str, path: str, body: Json | None = None, query: Json | None = None) -> Json:
        token = self._token
        try:
            return await self._api.send(method, path, body, token=token, query=query)
        except Problem as problem:
            if problem.status != 401:
                raise
        await self._renew(token)
        return await self._api.send(method, path, body, token=self._token, query=query)

    async def _renew(self, ended: str) -> None:
        """Sign in again, once for all who noticed that the session ended."""
        async with self._signing_in:
            if self._token == ended:
                await self.sign_in()

    def _enter(self, session: Json) -> None:
        self._token = session["token"]
        self.tenant_id = session["account"]["tenant_id"]


class Household:
    """The accounts of one market. All passwords come from one secret, kept in a file that only its owner reads."""

    def __init__(self, api: Api, file: Path) -> None:
        self._api = api
        self.known = file.exists()
        if not self.known:
            file.parent.mkdir(parents=True, exist_ok=True)
            file.touch(mode=0o600, exist_ok=False)
            file.write_text(json.dumps({"secret": secrets.token_hex(32)}))
        self._secret = str(json.loads(file.read_text())["secret"])

    async def account(self, role: str, number: int, name: str) -> Account:
        """The `number`-th account of a role, registered or signed in again."""
        email = f"{role}-{number:04d}@market.localhost"
        password = hashlib.sha256(f"{self._secret}\n{email}".encode()).hexdigest()
        account = Account(self._api, email, password)
        phone = f"+1214555{number % 10_000:04d}"
        await account.sign_in_or_register(name, phone, role, known=self.known)
        return account
