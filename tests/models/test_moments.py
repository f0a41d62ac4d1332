"""Times as they are told: one form, whatever zone and precision they were kept in."""

from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest

from models.delivery import body
from models.moments import moment, told
from tests.times import told_otherwise

ROOT = Path(__file__).parent.parent.parent
_AT = datetime(2026, 11, 21, 10, 0, 0, 123_999, tzinfo=UTC)


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        (_AT, "2026-11-21T10:00:00.123Z"),
        (_AT.replace(microsecond=0), "2026-11-21T10:00:00.000Z"),
        (_AT.astimezone(timezone(timedelta(hours=3))), "2026-11-21T10:00:00.123Z"),
        (None, None),
    ],
)
def test_a_time_is_told_in_utc_with_milliseconds(at: datetime | None, expected: str | None) -> None:
    assert moment(at) == expected


def test_what_a_row_keeps_is_told_in_the_same_form() -> None:
    kept = {"paid_at": _AT.isoformat(), "day": "2026-11-21", "funded_at": None, "note": "at ten"}
    shown = {"paid_at": "2026-11-21T10:00:00.123Z", "day": "2026-11-21", "funded_at": None}
    assert told(kept) == {**shown, "note": "at ten"}


def test_a_webhook_tells_its_time_in_the_same_form() -> None:
    event = {"type": "payment.created", "created_at": _AT, "sequence": 1, "livemode": False}
    sent = body({**event, "data": {"object": {}}}, org="org_1", api_version="2026-11-01")
    assert '"timestamp":"2026-11-21T10:00:00.123Z"' in sent


@pytest.mark.parametrize(
    "text", ["2026-11-21T10:00:00+00:00", "2026-11-21T10:00:00Z", "2026-11-21 10:00:00.123+03"]
)
def test_another_form_is_noticed_wherever_it_stands(text: str) -> None:
    assert told_otherwise({"data": [{"created_at": text}]}) == [f"/data/created_at: {text}"]
    assert told_otherwise({"at": "2026-11-21T10:00:00.123Z", "day": "2026-11-21"}) == []


def test_no_route_writes_a_time_in_words_of_its_own() -> None:
    own = [path.name for path in (ROOT / "api").rglob("*.py") if ".isoformat(" in path.read_text()]
    assert own == []
