"""Who had the goods: one holder at any time, without a gap."""

from itertools import pairwise
from typing import Any

from shared.doorstep.custody import chain
from shared.dossier.chain import GENESIS, Event, link

CUSTOMER, DRIVER, STORE = ("customer", "cus_1"), ("driver", "drv_1"), ("merchant", "mer_1")


def events(*told: tuple[str, tuple[str, str], dict[str, Any]]) -> list[Event]:
    made: list[Event] = []
    for number, (type, (role, id), data) in enumerate(told, start=1):
        head = made[-1].hash if made else GENESIS
        at = f"2026-11-20T18:{number:02d}:00Z"
        made.append(link("ord_1", number, type, at, {"role": role, "id": id}, data, head))
    return made


TURNED_AWAY = events(
    ("order_created", CUSTOMER, {}),
    ("goods_ready", STORE, {}),
    ("goods_picked_up", DRIVER, {}),
    ("driver_arrived", DRIVER, {}),
    ("delivery_refused", DRIVER, {"reason": "underage"}),
    ("goods_returned", STORE, {"condition": "sealed"}),
)


def test_goods_that_were_refused_stay_with_the_driver_until_the_store_has_them_back() -> None:
    held = chain(TURNED_AWAY, "mer_1", "cus_1")
    assert [(holding.role, holding.holder_id) for holding in held] == [STORE, DRIVER, STORE]
    assert [holding.condition for holding in held] == [None, None, "sealed"]
    assert held[1].seq == 3
    assert held[1].hash == TURNED_AWAY[2].hash


def test_goods_that_were_handed_over_end_with_the_customer() -> None:
    delivered = events(
        ("order_created", CUSTOMER, {}), ("goods_picked_up", DRIVER, {}), ("delivered", DRIVER, {"left_at_door": False})
    )
    assert [holding.role for holding in chain(delivered, "mer_1", "cus_1")] == ["merchant", "driver", "customer"]


def test_each_holding_ends_when_the_next_begins_and_the_last_goes_on() -> None:
    held = chain(TURNED_AWAY, "mer_1", "cus_1")
    assert all(one.until == other.since for one, other in pairwise(held))
    assert held[-1].until is None
