"""What is sealed opens in its own place with its own key, and nowhere else."""

import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.vault.envelope import KEY_SIZE, commit, seal, unseal
from shared.vault.protocol import CannotOpen

KEY = os.urandom(KEY_SIZE)
PERSON = {"name": "Ana Reyes", "phone": "+12145550199"}

contents = st.dictionaries(st.text(max_size=20), st.one_of(st.none(), st.booleans(), st.text(max_size=40)), max_size=5)


@given(contents)
def test_what_was_sealed_is_what_opens(content: dict[str, object]) -> None:
    sealed = seal(KEY, content, "sale evd_1", os.urandom)
    opened = unseal(KEY, sealed.ciphertext, "sale evd_1")
    assert opened.content == content
    assert opened.commitment == sealed.commitment == commit(opened.salt, content)


@given(st.integers(min_value=0, max_value=200), st.integers(min_value=1, max_value=255))
def test_a_changed_byte_opens_nothing(place: int, change: int) -> None:
    damaged = bytearray(seal(KEY, PERSON, "profile evd_1", os.urandom).ciphertext)
    damaged[place % len(damaged)] ^= change
    with pytest.raises(CannotOpen, match="profile evd_1"):
        unseal(KEY, bytes(damaged), "profile evd_1")


def test_it_opens_neither_in_another_place_nor_with_another_key() -> None:
    sealed = seal(KEY, PERSON, "profile evd_1", os.urandom).ciphertext
    with pytest.raises(CannotOpen):
        unseal(KEY, sealed, "profile evd_2")
    with pytest.raises(CannotOpen):
        unseal(KEY, sealed, "address evd_1")
    with pytest.raises(CannotOpen):
        unseal(os.urandom(KEY_SIZE), sealed, "profile evd_1")
    with pytest.raises(CannotOpen):
        unseal(KEY, b"", "profile evd_1")


def test_the_same_person_sealed_twice_shows_nothing_in_common() -> None:
    first, second = (seal(KEY, PERSON, "profile evd_1", os.urandom) for _ in range(2))
    assert first.commitment != second.commitment
    assert first.ciphertext_sha256 != second.ciphertext_sha256


def test_another_content_or_salt_gives_another_commitment() -> None:
    salt = bytes(32)
    assert commit(salt, PERSON) == commit(salt, dict(reversed(PERSON.items())))
    assert commit(salt, PERSON) != commit(salt, PERSON | {"name": "Ann Reyes"})
    assert commit(salt, PERSON) != commit(bytes(31) + b"\x01", PERSON)


def test_neither_a_key_nor_a_salt_is_shown_by_its_repr() -> None:
    sealed = seal(KEY, PERSON, "profile evd_1", os.urandom)
    opened = unseal(KEY, sealed.ciphertext, "profile evd_1")
    assert str(opened.salt) not in repr(opened)
