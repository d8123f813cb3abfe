"""POST /v1/auth/login: trade an e-mail address and a password for a token that lasts 24 hours."""

from typing import Annotated

from pydantic import Field, StringConstraints

from shared.accounts import service as accounts
from shared.accounts import views
from shared.accounts.views import SignedInView
from shared.http.declaration import PUBLIC
from shared.http.endpoint import endpoint
from shared.kernel.deployment import READS, Resource
from shared.kernel.wire import Command
from shared.storage.work import Work
from shared.wiring.vault import key_encryption


class Login(Command):
    email: str = Field(min_length=1, max_length=254)
    password: Annotated[str, StringConstraints(min_length=1, max_length=128, strip_whitespace=False)]


@endpoint("POST", "/v1/auth/login", roles=PUBLIC, uses=READS | {Resource.VAULT})
def login(command: Login, work: Work) -> SignedInView:
    return views.signed_in(accounts.sign_in(work, command.email, command.password, key_encryption()))
