"""GET /v1/auth/session: who is signed in, and until when."""

from flask import request

from shared.accounts import sessions, views
from shared.accounts.views import SessionView
from shared.http.declaration import ANY_ROLE
from shared.http.endpoint import bearer_token, endpoint
from shared.kernel.deployment import READS, Resource
from shared.storage.work import Work
from shared.wiring.vault import key_encryption


@endpoint("GET", "/v1/auth/session", roles=ANY_ROLE, uses=READS | {Resource.VAULT})
def get_session(work: Work) -> SessionView:
    token = bearer_token(request.headers.get("Authorization")) or ""
    return views.session(sessions.read(work, token, key_encryption()))
