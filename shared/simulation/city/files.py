"""One line per order and offer, written as they end, for whoever wants to learn from a simulated city."""

from __future__ import annotations

import csv
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType

from shared.prediction.acceptance import NAMES
from shared.simulation.city.orders import Order
from shared.simulation.city.records import Ignore, Offer

ORDER_COLUMNS = (
    "number", "store", "metres", "restricted", "attempts", "offers", "driver", "payout_minor", "announced_s",
    "placed", "accepted", "opens", "ready", "promised", "eta", "assigned", "at_store", "picked", "eta_at_pickup",
    "at_door", "ended", "end",
)  # fmt: skip
OFFER_COLUMNS = ("driver", "at", "ended", "answer", "variant", "believed", "willing", "approach_s", "drive_s")


class RecordFiles(Ignore):
    """`orders-N.csv` and `offers-N.csv` of a region. Moments are seconds since the first midnight; 0 never happened."""

    def __init__(self, folder: Path, region: int) -> None:
        self._folder, self._region, self._open = folder, region, ExitStack()

    def __enter__(self) -> RecordFiles:
        self._folder.mkdir(parents=True, exist_ok=True)
        files = [
            self._open.enter_context((self._folder / f"{name}-{self._region + 1}.csv").open("w", newline=""))
            for name in ("orders", "offers")
        ]
        self._orders, self._offers = (csv.writer(file) for file in files)
        self._orders.writerow(ORDER_COLUMNS)
        self._offers.writerow(("order", *OFFER_COLUMNS, *NAMES))
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._open.close()

    def order(self, order: Order) -> None:
        self._orders.writerow([_plain(getattr(order, name)) for name in ORDER_COLUMNS])

    def offer(self, offer: Offer) -> None:
        values = [_plain(getattr(offer, name)) for name in OFFER_COLUMNS]
        self._offers.writerow([offer.order.number, *values, *map(_plain, offer.features)])


def _plain(value: object) -> object:
    return round(value, 3) if isinstance(value, float) else value
