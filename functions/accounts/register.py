"""POST /v1/auth/register: open an account as a customer, a driver or a merchant, and be signed in to it."""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from shared.accounts import service as accounts
from shared.accounts import views
from shared.accounts.views import SignedInView
from shared.http.declaration import PUBLIC
from shared.http.endpoint import endpoint
from shared.kernel.deployment import READS, Resource
from shared.kernel.roles import Role
from shared.kernel.wire import Command
from shared.storage.work import Work
from shared.wiring.vault import key_encryption


class Register(Command):
    email: str = Field(min_length=5, max_length=254, pattern=r"^[^@\s]+@[^@\s]+\.[^@\s.]+$")
    password: Annotated[str, StringConstraints(min_length=10, max_length=128, strip_whitespace=False)]
    name: str = Field(min_length=1, max_length=120)
    phone: str = Field(pattern=r"^\+[1-9][0-9]{6,14}$", description="E.164: +12145550123")
    role: Literal[Role.CUSTOMER, Role.DRIVER, Role.MERCHANT]


@endpoint("POST", "/v1/auth/register", roles=PUBLIC, status=201, uses=READS | {Resource.VAULT})
def register(command: Register, work: Work) -> SignedInView:
    person = (command.email, command.password, command.name, command.phone)
    opened = accounts.register(work, command.role, *person, key_encryption())
    return views.signed_in(opened)
