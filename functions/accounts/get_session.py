"""GET /v1/auth/session: who is signed in, and until when."""

from flask import request

from shared.accounts import sessions, views
from shared.accounts.views import SessionView
from shared.http.declaration import ANY_ROLE
from shared.http.endpoint import bearer_token, endpoint
from shared.storage.work import Work


@endpoint("GET", "/v1/auth/session", roles=ANY_ROLE)
def get_session(work: Work) -> SessionView:
    return views.session(sessions.read(work, bearer_token(request.headers.get("Authorization")) or ""))
