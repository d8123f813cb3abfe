"""POST /v1/auth/logout: end this session; its token is worthless from now on."""

from flask import request

from shared.accounts import sessions
from shared.http.declaration import ANY_ROLE
from shared.http.endpoint import bearer_token, endpoint
from shared.storage.work import Work


@endpoint("POST", "/v1/auth/logout", roles=ANY_ROLE)
def logout(work: Work) -> None:
    sessions.end(work, bearer_token(request.headers.get("Authorization")) or "")
