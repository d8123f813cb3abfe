"""Passwords and the limits around signing in."""

import os
from datetime import UTC, datetime, timedelta

import pytest
from argon2 import extract_parameters
from argon2.low_level import Type

from shared.accounts import passwords, rules, sessions
from shared.accounts.rules import TooManyFailures

NOON = datetime(2026, 11, 20, 18, 0, tzinfo=UTC)


def test_a_password_matches_its_own_hash_only() -> None:
    stored = passwords.hashed("correct horse battery", os.urandom)
    assert passwords.matches(stored, "correct horse battery")
    assert not passwords.matches(stored, "correct horse batterz")
    assert not passwords.matches(stored, "")


def test_no_password_opens_an_account_that_does_not_exist() -> None:
    assert not passwords.matches(None, "")
    assert not passwords.matches(None, "correct horse battery")


def test_hashes_cost_what_owasp_asks_for() -> None:
    parameters = extract_parameters(passwords.hashed("correct horse battery", os.urandom))
    assert parameters.type is Type.ID
    assert (parameters.memory_cost, parameters.time_cost, parameters.parallelism) == (19_456, 2, 1)


def test_one_password_is_never_stored_twice_alike() -> None:
    assert passwords.hashed("correct horse battery", os.urandom) != passwords.hashed(
        "correct horse battery", os.urandom
    )


def test_a_token_carries_all_of_its_entropy() -> None:
    token = sessions.new_token(lambda size: bytes(range(size)))
    assert len(token) == 43
    assert token != sessions.new_token(lambda size: bytes(size - 1) + b"\x01")
    assert len(sessions.token_hash(token)) == 32


def test_the_tenth_attempt_is_let_through_and_the_eleventh_is_not() -> None:
    rules.check_failures(10, NOON, NOON)
    with pytest.raises(TooManyFailures) as refusal:
        rules.check_failures(11, NOON, NOON + timedelta(minutes=5))
    assert refusal.value.extra["retry_after_s"] == 601
