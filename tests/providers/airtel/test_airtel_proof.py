"""The hash of a callback, wherever it stands and over whichever bytes it was made."""

import json

import pytest

from providers.airtel.proof import hashed, is_from_airtel
from tests.providers.sheets.airtel import SETTINGS, notice

KEY = "canary-callback"
BODY = notice("TS")
TRANSACTION = json.loads(BODY)["transaction"]


def compact(document: object) -> bytes:
    return json.dumps(document, separators=(",", ":")).encode()


def carrying(sent: str) -> bytes:
    """The callback with a hash in its body."""
    return json.dumps({"transaction": TRANSACTION, "hash": sent}).encode()


@pytest.mark.parametrize("signed", [{"transaction": TRANSACTION}, TRANSACTION])
def test_a_hash_in_the_body_covers_it_without_the_hash(signed: object) -> None:
    assert is_from_airtel(SETTINGS, carrying(hashed(KEY, compact(signed))), {})


@pytest.mark.parametrize("header", ["hash", "x-signature"])
def test_a_hash_in_a_header_covers_the_raw_body(header: str) -> None:
    assert is_from_airtel(SETTINGS, BODY, {header: hashed(KEY, BODY)})


@pytest.mark.parametrize(
    "body", [BODY, carrying(""), carrying(hashed("other", compact(TRANSACTION))), b"", b"[1]"]
)
def test_a_callback_without_the_right_hash_is_refused(body: bytes) -> None:
    assert not is_from_airtel(SETTINGS, body, {"x-signature": "é"})


def test_without_a_key_the_secret_address_is_the_only_proof() -> None:
    bare = SETTINGS.model_copy(update={"callback_key": type(SETTINGS.callback_key)("")})
    assert is_from_airtel(bare, BODY, {})
