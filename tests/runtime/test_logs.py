"""Logs: nothing secret or personal, neither in messages nor in exceptions."""

import json

import pytest
from loguru import logger

from runtime import logs

PHONE, KEY = "254711902837", "kk_test_" + "a" * 52


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        (f"payer {PHONE} paid", "payer …837 paid"),
        (f"payer +{PHONE}", "payer …837"),
        (
            "card 4111 1111 1111 1111 and 5555-5555-5555-4444",
            "card [card number] and [card number]",
        ),
        ("card4111111111111111", "card[card number]"),
        (f"key {KEY} used", "key [redacted] used"),
        ("secret whsec_abc+/= kept", "secret [redacted] kept"),
        ("Authorization: Bearer abcdefgh12", "Authorization: [redacted]"),
        ("postgresql://kauri_app:hunter2@db/kauri", "postgresql://[redacted]@db/kauri"),
        ("checkout cs_01m7yw06t1ebhbdf18wfc68j62 paid", None),
    ],
)
def test_what_is_secret_is_taken_out_and_the_rest_stays(text: str, kept: str | None) -> None:
    assert logs.redacted(text) == (kept or text)


def test_an_exception_is_logged_without_what_it_carries(capfd: pytest.CaptureFixture[str]) -> None:
    logs.configure("INFO", "test")
    try:
        _fails()
    except ValueError:
        logger.exception("charge of {} failed", PHONE)
    finally:
        logger.remove()
    line = json.loads(capfd.readouterr().err.strip().splitlines()[-1])
    assert PHONE not in json.dumps(line)
    assert KEY not in json.dumps(line)
    assert "ValueError" in line["error"]


def _fails() -> None:
    raise ValueError(f"cannot charge {PHONE} with {KEY}")
