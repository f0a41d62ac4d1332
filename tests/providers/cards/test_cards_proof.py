"""Notifications are believed with the secret only, and kept without card numbers."""

import json

import pytest

from providers.cards.proof import is_from_gateway, kept
from providers.cards.settings import CardsSettings
from tests.providers.sheets.cards import SETTINGS, a_transaction, notice


@pytest.mark.parametrize(
    ("sent", "believed"),
    [
        ("canary-notification", True),
        ("canary-notificatioN", False),
        ("canary-notification ", False),
        ("é", False),
        ("", False),
    ],
)
def test_only_the_right_secret_is_believed(sent: str, believed: bool) -> None:
    assert is_from_gateway(SETTINGS, {"x-notification-secret": sent}) is believed


def test_without_a_header_or_a_secret_of_ours_nothing_is_believed() -> None:
    unset = CardsSettings(merchant_id="TESTKAURI", api_password="p")
    assert not is_from_gateway(SETTINGS, {})
    assert not is_from_gateway(unset, {"x-notification-secret": ""})


def test_a_masked_number_is_kept_as_it_came() -> None:
    raw = notice(a_transaction())
    assert kept(raw) == raw


@pytest.mark.parametrize("number", ["4111111111111111", 4111111111111111, "4111 1111 1111 1111"])
def test_a_number_that_came_unmasked_is_not_kept(number: object) -> None:
    card = {"provided": {"card": {"number": number}}}
    stored = kept(notice(a_transaction(sourceOfFunds=card)))
    assert b"1111" not in stored
    assert json.loads(stored)["order"]["id"] == a_transaction()["order"]["id"]


def test_bytes_that_are_no_text_are_kept_as_they_came() -> None:
    assert kept(b"\xff\x00{") == b"\xff\x00{"
