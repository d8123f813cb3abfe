"""The chain against somebody who owns the database: refused by the trigger, and seen when the trigger is taken away."""

import json

import pytest
from pg8000.native import DatabaseError

from shared.dossier.chain import Event, link, verify
from tests.fixtures.http import taken
from tests.fixtures.world import World


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE dossier_events SET data = '{}' WHERE order_id = :id",
        "DELETE FROM dossier_events WHERE order_id = :id",
        "UPDATE dossier_events SET hash = repeat('0', 64) WHERE order_id = :id AND seq = 1",
    ],
)
def test_the_database_refuses_to_change_a_dossier(world: World, statement: str) -> None:
    order = world.an_order()
    with pytest.raises(DatabaseError, match="append-only"):
        world.connection.fetch(statement, {"id": order["id"]})
    assert world.verdict(order["id"])["valid"]


def test_the_database_refuses_to_empty_the_table(world: World) -> None:
    world.an_order()
    with pytest.raises(DatabaseError, match="append-only"):
        world.connection.fetch("TRUNCATE dossier_events")


def tamper(world: World, statement: str, order_id: str) -> None:
    """What somebody with the server's own rights could do."""
    world.connection.command("SET session_replication_role = replica")
    world.connection.fetch(statement, {"id": order_id})
    world.connection.command("SET session_replication_role = origin")


def test_a_changed_event_is_named_as_the_first_broken_link(world: World) -> None:
    order, _driver, _task = world.a_delivered_order()
    tamper(
        world,
        """UPDATE dossier_events SET data = jsonb_set(data, '{over_age}', 'false')
        WHERE order_id = :id AND type = 'doorstep_check_passed'""",
        order["id"],
    )
    position = world.events(order["id"]).index("doorstep_check_passed") + 1
    verdict = world.verdict(order["id"])
    assert not verdict["valid"]
    assert verdict["first_broken"] == {"seq": position, "reason": "its content does not give its hash"}


def test_a_removed_event_is_noticed(world: World) -> None:
    order, _driver, _task = world.a_delivered_order()
    tamper(world, "DELETE FROM dossier_events WHERE order_id = :id AND seq = 3", order["id"])
    assert world.verdict(order["id"])["first_broken"]["seq"] == 3


def test_a_cut_off_tail_is_noticed(world: World) -> None:
    order, _driver, _task = world.a_delivered_order()
    length = len(world.events(order["id"]))
    tamper(
        world,
        "DELETE FROM dossier_events d WHERE order_id = :id "
        "AND seq = (SELECT max(seq) FROM dossier_events WHERE order_id = d.order_id)",
        order["id"],
    )
    assert world.verdict(order["id"])["first_broken"]["seq"] == length


def test_an_event_that_was_replaced_with_a_matching_hash_breaks_the_next_one(world: World) -> None:
    order, _driver, _task = world.a_delivered_order()
    event = world.one(
        "SELECT * FROM dossier_events WHERE order_id = :id AND type = 'doorstep_check_passed'", id=order["id"]
    )
    forged = Event(**{**{name: event[name] for name in Event.__dataclass_fields__}, "data": {"over_age": True}})
    rehashed = link(forged.order_id, forged.seq, forged.type, forged.at, forged.actor, forged.data, forged.prev_hash)
    world.connection.command("SET session_replication_role = replica")
    world.connection.fetch(
        "UPDATE dossier_events SET data = :data, hash = :hash WHERE order_id = :id AND seq = :seq",
        {"data": json.dumps(rehashed.data), "hash": rehashed.hash, "id": order["id"], "seq": rehashed.seq},
    )
    world.connection.command("SET session_replication_role = origin")
    assert world.verdict(order["id"])["first_broken"] == {
        "seq": forged.seq + 1,
        "reason": "it does not name the hash of the event before it",
    }


def test_a_third_party_recomputes_the_chain_from_the_published_dossier_alone(world: World) -> None:
    order, _driver, _task = world.a_delivered_order()
    dossier = taken(world.admin.get(f"/v1/orders/{order['id']}/dossier"))
    events = [Event(order_id=dossier["order_id"], **event) for event in dossier["events"]]
    verdict = verify(order["id"], events, length=dossier["length"], head_hash=dossier["head_hash"])
    assert verdict.valid
    assert verdict.head_hash == world.verdict(order["id"])["head_hash"]


def test_a_dossier_holds_no_personal_data(world: World) -> None:
    order, _driver, _task = world.a_delivered_order()
    text = json.dumps(taken(world.admin.get(f"/v1/orders/{order['id']}/dossier")))
    account = world.customer.account
    for secret in ("Jordan", "1990-04-02", "Elm St", account["email"], account["name"]):
        assert secret not in text
