"""Waiting for a notification: whenever it comes, it is heard at once."""

import threading
import time

from shared.storage.connection import Connection, close

ROUNDS = 400
LONG_S = 20.0


def test_one_that_comes_right_behind_an_answer_is_heard_too(database: str, connection: Connection) -> None:
    """The socket's reader may have taken it in with the answer: then the socket itself has nothing more to tell."""
    speaker = Connection(database)
    connection.command("LISTEN news")
    began = time.monotonic()
    for _ in range(ROUNDS):
        speaking = threading.Thread(target=speaker.command, args=("NOTIFY news",))
        speaking.start()
        connection.fetch("SELECT 1 AS one")
        assert connection.wait_for_notification(LONG_S)
        speaking.join()
    close(speaker)
    assert time.monotonic() - began < LONG_S, "none was waited for in vain"


def test_where_nothing_is_said_the_wait_ends_with_its_time(connection: Connection) -> None:
    connection.command("LISTEN news")
    assert not connection.wait_for_notification(0.05)
    assert connection.fetch("SELECT 1 AS one") == [{"one": 1}]
