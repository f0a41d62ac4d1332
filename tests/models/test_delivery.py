"""When a message goes out again, and what it says."""

import json
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from standardwebhooks import Webhook

from models.delivery import (
    JITTER,
    LARGEST_BODY,
    LONGEST_RETRY_AFTER,
    SCHEDULE,
    Answer,
    body,
    new_secret,
    pause,
    retry_after,
)

NOW = datetime(2026, 11, 21, 10, 0, tzinfo=UTC)
DOWN = Answer(error="could not connect")


def test_ten_tries_spread_over_about_75_hours() -> None:
    assert len(SCHEDULE) == 10
    assert timedelta(hours=75) < sum(SCHEDULE, timedelta()) < timedelta(hours=76)
    assert all(earlier < later for earlier, later in pairwise(SCHEDULE))


@given(tries=st.integers(1, 20), luck=st.floats(0, 1))
def test_a_pause_is_the_schedules_and_at_most_a_tenth_more(tries: int, luck: float) -> None:
    wait = pause(tries, DOWN, now=NOW, luck=luck)
    if tries >= len(SCHEDULE):
        assert wait is None
    else:
        assert wait is not None
        assert SCHEDULE[tries] <= wait <= SCHEDULE[tries] * (1 + JITTER)


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("120", 120),
        (" 7 ", 7),
        ("999999999999", 86_400),
        ("Sat, 21 Nov 2026 10:01:00 GMT", 60),
        ("Sat, 21 Nov 2026 10:01:00 -0000", 60),
        ("Sat, 21 Nov 2026 09:00:00 GMT", 0),
        ("Mon, 01 Jan 2999 00:00:00 GMT", 86_400),
        ("-5", 0),
        ("1.5", 0),
        ("soon", 0),
        ("Mon, 01 Jan 2026 00:00:00 +9999999999999", 0),
        ("٣", 0),
        ("", 0),
        (None, 0),
    ],
)
def test_retry_after_is_read_in_both_forms_and_never_trusted_far(
    header: str | None, seconds: int
) -> None:
    assert retry_after(header, now=NOW) == timedelta(seconds=seconds)


@given(st.text())
def test_any_retry_after_gives_a_pause_within_a_day(header: str) -> None:
    assert timedelta(0) <= retry_after(header, now=NOW) <= LONGEST_RETRY_AFTER


def test_retry_after_lengthens_a_pause_and_never_shortens_it() -> None:
    longer = pause(1, Answer(status=503, retry_after="60"), now=NOW, luck=0)
    shorter = pause(2, Answer(status=503, retry_after="60"), now=NOW, luck=0)
    assert (longer, shorter) == (timedelta(seconds=60), timedelta(minutes=5))


@pytest.mark.parametrize("filler", ["", "x" * 10_000, "é" * 15_000, "x" * 100_000])
def test_a_body_is_under_twenty_thousand_bytes(filler: str) -> None:
    event = {
        "type": "payment.created",
        "sequence": 1,
        "livemode": True,
        "created_at": NOW,
        "data": {"object": {"id": "pay_1", "note": filler}, "previous_attributes": {}},
    }
    text = body(event, org="org_1", api_version="2026-11-01")
    assert len(text.encode()) < LARGEST_BODY
    assert json.loads(text)["timestamp"] == "2026-11-21T10:00:00.000Z"
    assert json.loads(text)["data"]["object"]["id"] == "pay_1"


def test_a_new_secret_is_one_the_standard_library_takes() -> None:
    secret = new_secret()
    assert secret != new_secret()
    assert Webhook(secret).sign("evt_1", NOW, "{}").startswith("v1,")
