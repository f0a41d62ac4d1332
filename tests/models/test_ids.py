"""Ids: minted once, derived everywhere, safe in URLs."""

import uuid

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models import ids

FORBIDDEN = ("mpesa", "safaricom", "exe", "exec", "cmd", "sql", "query")


@given(st.uuids())
def test_a_shown_id_is_read_back(value: uuid.UUID) -> None:
    assert ids.parsed("pay", ids.shown("pay", value)) == value


@given(st.uuids(), st.uuids())
def test_shown_ids_sort_as_their_uuids_do(one: uuid.UUID, other: uuid.UUID) -> None:
    assert (ids.shown("cs", one) < ids.shown("cs", other)) == (one < other)


@pytest.mark.parametrize(
    "text", ["", "pay_", "cs_" + "0" * 26, "pay_" + "8" + "0" * 25, "pay_" + "u" * 26]
)
def test_any_other_text_is_refused(text: str) -> None:
    with pytest.raises(ids.BadId):
        ids.parsed("pay", text)


def test_minted_ids_are_version_7_and_grow() -> None:
    minted = [ids.uuid7() for _ in range(1000)]
    assert {value.version for value in minted} == {7}
    assert [value.int >> 80 for value in minted] == sorted(value.int >> 80 for value in minted)


def test_an_mtn_reference_is_a_version_4_uuid_and_depends_on_the_attempt_alone() -> None:
    reference = uuid.UUID(ids.momo_reference("att_a"))
    assert reference.version == 4
    assert ids.momo_reference("att_a") == str(reference) != ids.momo_reference("att_b")


def test_an_account_reference_is_eleven_characters_people_can_read() -> None:
    reference = ids.account_reference("att_a")
    assert len(reference) == 11
    assert reference.isalnum()
    assert reference.isupper()


@given(st.uuids(), st.binary(min_size=32, max_size=32))
def test_a_callback_path_is_lower_hex_without_a_word_daraja_refuses(
    owner: uuid.UUID, key: bytes
) -> None:
    path = ids.callback_path(ids.shown("att", owner), "k1", key)
    assert not any(word in path for word in FORBIDDEN)
    assert set(path.removeprefix("/in/k1/")) <= set("0123456789abcdef.")


def test_a_callback_path_cannot_be_guessed_without_the_key() -> None:
    attempt = ids.mint("att")
    assert ids.callback_path(attempt, "k1", b"a") != ids.callback_path(attempt, "k1", b"b")
    assert ids.callback_path(attempt, "k1", b"a") != ids.callback_path(attempt, "k2", b"a")
