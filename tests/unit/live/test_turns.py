"""Who may speak to Firestore's emulator, and when."""

import threading
import time

from shared.live.turns import LONGEST_S, Turns

SOON_S = 10 * LONGEST_S


def committed(turns: Turns) -> threading.Event:
    """Set once another thread has begun its commit."""
    begun = threading.Event()

    def commit() -> None:
        with turns.to_commit():
            begun.set()

    threading.Thread(target=commit, daemon=True).start()
    return begun


def test_a_commit_waits_for_the_last_answer() -> None:
    turns = Turns(taken=True)
    asking = turns.to_ask()
    asking.asks(1)
    asking.asks(2)
    begun = committed(turns)
    asking.answered([1])
    assert not begun.wait(LONGEST_S / 10), "the second still waits for its answer"
    asking.answered([2])
    assert begun.wait(SOON_S)


def test_what_is_given_up_keeps_nobody_waiting() -> None:
    turns = Turns(taken=True)
    asking = turns.to_ask()
    asking.asks(1)
    asking.given_up()
    asking.answered([1])
    with turns.to_commit():
        begun = committed(turns)
        assert not begun.wait(LONGEST_S / 10), "one commit at a time"
    assert begun.wait(SOON_S)


def test_a_commit_goes_ahead_after_a_while_and_lets_the_other_have_its_turn() -> None:
    turns = Turns(taken=True)
    asking = turns.to_ask()
    asking.asks(1)
    since = time.monotonic()
    with turns.to_commit():
        assert time.monotonic() - since >= LONGEST_S
    asking.answered([1])
    assert committed(turns).wait(SOON_S)


def test_without_an_emulator_nobody_waits() -> None:
    turns = Turns(taken=False)
    turns.to_ask().asks(1)
    with turns.to_commit(), turns.to_commit():
        assert committed(turns).wait(SOON_S)
