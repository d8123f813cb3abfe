"""POST /internal/maintenance/forget_strays: have people deleted whom the provider of age checks holds and no check knows."""

from shared.http.declaration import INTERNAL
from shared.http.endpoint import endpoint
from shared.kernel.deployment import CHORE, PUBLISHES, Resource
from shared.kernel.wire import View
from shared.storage.work import Work
from shared.verification import finishing
from shared.wiring.verification import verifier


class ForgottenView(View):
    forgotten: int


@endpoint(
    "POST",
    "/internal/maintenance/forget_strays",
    roles=INTERNAL,
    uses=PUBLISHES | {Resource.VERIFICATION},
    sizing=CHORE,
)
def forget_strays(work: Work) -> ForgottenView:
    return ForgottenView(forgotten=finishing.forget_strays(work, verifier()))
