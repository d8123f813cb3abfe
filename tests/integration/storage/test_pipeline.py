"""Statements sent at once: whose answer is whose, and what is left when one of them fails."""

from collections.abc import Iterator

import pytest
from pg8000.native import DatabaseError

from infra.local.access import unit_of_work
from shared.kernel.clock import SettableClock
from shared.storage.connection import Connection, Pool, Row, Statement
from shared.storage.work import Work
from tests.fixtures.http import NOON

BROKEN: Statement = ("SELECT 1 / :zero AS never", {"zero": 0})
TAKE = "INSERT INTO seats VALUES (:seat)"


def number(wanted: int) -> Statement:
    return "SELECT CAST(:wanted AS integer) AS number", {"wanted": wanted}


@pytest.fixture
def pool(database: str) -> Iterator[Pool]:
    opened = Pool(database, 1)
    yield opened
    opened.close()


@pytest.fixture
def work(pool: Pool) -> Iterator[Work]:
    with unit_of_work(pool, SettableClock(NOON)) as opened:
        opened.run("CREATE TABLE seats (seat integer PRIMARY KEY)")
        opened.run("INSERT INTO seats VALUES (1)")
        opened.checkpoint()
        yield opened


def seats(connection: Connection) -> list[int]:
    return [row["seat"] for row in connection.fetch("SELECT seat FROM seats ORDER BY seat")]


def attempted(work: Work, seat: int, then: int) -> tuple[list[Row] | None, str]:
    return work.attempt((f"{TAKE} RETURNING seat", {"seat": seat}), TAKE, lambda: {"seat": then}, lambda: "done")


def test_answers_come_in_the_order_of_their_statements_in_one_round_trip(work: Work) -> None:
    before = work.connection.round_trips
    with work.pipeline(number(1), number(2), number(3)) as answers:
        assert [answers.rows()[0]["number"] for _ in range(3)] == [1, 2, 3]
    assert work.connection.round_trips == before + 1


def test_answers_that_nobody_read_are_not_taken_for_those_of_the_next_statement(work: Work) -> None:
    with work.pipeline(number(1), number(2)):
        pass
    assert work.run(number(3)[0], **number(3)[1]) == [{"number": 3}]


def test_a_failure_that_nobody_read_is_raised_at_the_end(work: Work) -> None:
    with pytest.raises(DatabaseError, match="division by zero"), work.pipeline(BROKEN, number(2)):
        pass
    work.rollback()
    assert work.run(number(3)[0], **number(3)[1]) == [{"number": 3}]


def test_after_a_failure_the_others_fail_too_and_the_connection_goes_on(work: Work) -> None:
    with work.pipeline(("INSERT INTO seats VALUES (2)", {}), BROKEN, number(3)) as answers:
        answers.rows()
        for failure in ("division by zero", "current transaction is aborted"):
            with pytest.raises(DatabaseError, match=failure):
                answers.rows()
    work.rollback()
    assert seats(work.connection) == [1], "what came before it in the transaction is undone with it"


def test_an_attempt_that_meets_a_rival_leaves_the_transaction_as_it_was(work: Work) -> None:
    work.run("INSERT INTO seats VALUES (2)")
    assert attempted(work, seat=1, then=4) == (None, "done"), "neither the first nor the second"
    assert attempted(work, seat=3, then=5) == ([{"seat": 3}], "done")
    work.checkpoint()
    assert seats(work.connection) == [1, 2, 3, 5]


def test_an_attempt_whose_second_statement_fails_is_raised(work: Work) -> None:
    with pytest.raises(DatabaseError, match="duplicate key"):
        attempted(work, seat=2, then=1)
    work.rollback()
    assert seats(work.connection) == [1]


def test_any_other_failure_of_an_attempt_is_raised(work: Work) -> None:
    with pytest.raises(DatabaseError, match="division by zero"):
        work.attempt(BROKEN, TAKE, lambda: {"seat": 4}, lambda: None)
    work.rollback()


def test_what_fails_meanwhile_is_raised_and_nothing_is_written(work: Work) -> None:
    with pytest.raises(ZeroDivisionError):
        work.attempt((TAKE, {"seat": 2}), TAKE, lambda: {"seat": 3}, lambda: 1 // 0)
    work.rollback()
    assert seats(work.connection) == [1]
