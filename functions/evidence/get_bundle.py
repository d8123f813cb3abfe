"""GET /v1/orders/{order_id}/dossier/bundle: the order's evidence in one file, for `cloudrun verify` on anybody's laptop."""

from flask import Response

from shared.dossier import log
from shared.http.declaration import Owner
from shared.http.endpoint import endpoint
from shared.kernel.roles import Role
from shared.storage.work import Work


@endpoint("GET", "/v1/orders/{order_id}/dossier/bundle", roles={Role.ADMIN}, owner=Owner.ORDER)
def get_bundle(order_id: str, work: Work) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{order_id}.bundle.json"'}
    return Response(log.evidence(work, order_id), mimetype="application/json", headers=headers)
