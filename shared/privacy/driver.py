"""A driver, as whom privacy is about."""

from dataclasses import dataclass
from typing import ClassVar

from shared.delivery_sales import records
from shared.dispatch import offers
from shared.drivers import shifts
from shared.ledger import accounts
from shared.privacy.subject import check_settled
from shared.storage.work import Work


@dataclass(frozen=True, slots=True)
class Driver:
    id: str

    erased: ClassVar[tuple[str, ...]] = ("profile", "first_name", "vehicle", "documents", "hints")
    erased_in_any_case: ClassVar[tuple[str, ...]] = ("sign_in", "sessions", "position")
    pseudonymous: ClassVar[tuple[str, ...]] = (
        "deliveries",
        "offers",
        "doorstep_checks",
        "dossiers",
        "ledger",
        "payouts",
    )
    kept_as: ClassVar[str] = "delivery_sale_records"

    def leave(self, work: Work) -> None:
        """A live offer is declined first: one being accepted at this moment is either seen as a task in hand, or is over.

        Raises CarryingGoods, BalanceOpen, OfferEnded when an offer ended at the same moment.
        """
        for offer in work.run(_OFFERED, driver_id=self.id):
            offers.reject(work, offer["task_id"], self.id, "driver_left")
        if work.one(_PROFILE, driver_id=self.id) is not None:
            shifts.go_offline(work, self.id)
            work.run(_CLOSE, driver_id=self.id, now=work.now)
        check_settled(work, accounts.driver(self.id))

    def unrecorded(self, work: Work) -> list[str]:
        return records.missed_by(work, self.id)

    def forget(self, work: Work) -> None:
        """Everything but the row itself, to which deliveries refer."""
        work.run(_FORGET, driver_id=self.id)


_OFFERED = "SELECT task_id FROM offers WHERE driver_id = :driver_id AND status = 'offered'"
_PROFILE = "SELECT driver_id FROM drivers WHERE driver_id = :driver_id AND closed_at IS NULL FOR UPDATE"
_CLOSE = "UPDATE drivers SET closed_at = :now, updated_at = :now WHERE driver_id = :driver_id"

_FORGET = """
    WITH documents_gone AS (
        DELETE FROM driver_documents WHERE driver_id = :driver_id
    ), hints_gone AS (
        DELETE FROM reposition_hints WHERE driver_id = :driver_id
    )
    UPDATE drivers SET first_name = '', vehicle = '{}' WHERE driver_id = :driver_id
"""
