"""GET /health/ready: this process can do its work: the database answers with the schema that the code was made for."""

from shared.http.declaration import PUBLIC
from shared.http.endpoint import endpoint
from shared.kernel.errors import Unavailable
from shared.kernel.wire import View
from shared.storage.work import Work


class ReadyView(View):
    status: str
    schema_revision: str


@endpoint("GET", "/health/ready", roles=PUBLIC)
def ready(work: Work) -> ReadyView:
    rows = work.look("SELECT version_num FROM alembic_version")
    if not rows:
        raise Unavailable("The database has no schema yet. Run `cloudrun job migrate`.")
    return ReadyView(status="ready", schema_revision=rows[0]["version_num"])
