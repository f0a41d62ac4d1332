"""Merchant webhooks: what is said, when it is said again, and when we stop."""

import base64
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

from models import ids
from models.moments import moment

WORKFLOW = "webhook-delivery"
#: The version of the messages; an endpoint may pin an older one once there are two.
API_VERSION = "2026-11-01"
TEST_EVENT = "webhook_endpoint.test"
DISABLED_EVENT = "webhook_endpoint.disabled"

#: Pause before each try, counted from the try before: about 75 hours in all.
SCHEDULE = (
    timedelta(0),
    timedelta(seconds=5),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=5),
    timedelta(hours=10),
    timedelta(hours=14),
    timedelta(hours=20),
    timedelta(hours=24),
)
#: A pause grows by up to this share, so that a recovering server is not met by all at once.
JITTER = 0.1
LONGEST_RETRY_AFTER = timedelta(hours=24)
#: An endpoint without one success for so long is disabled.
PATIENCE = timedelta(days=5)
#: Both secrets sign for so long after a rotation.
ROTATION_OVERLAP = timedelta(hours=24)
#: A message is smaller than this, in bytes (Standard Webhooks, "payload size").
LARGEST_BODY = 20_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """What became of one page of messages, and whether more are due."""

    delivered: int = 0
    failed: int = 0
    more: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryTotals:
    """What one run did, carried across continue-as-new."""

    pages: int = 0
    delivered: int = 0
    failed: int = 0

    def plus(self, page: Page) -> "DeliveryTotals":
        """With one more page counted."""
        return DeliveryTotals(
            pages=self.pages + 1,
            delivered=self.delivered + page.delivered,
            failed=self.failed + page.failed,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryOrder:
    """Which endpoint to drain, by its public id, and what was done so far."""

    endpoint_id: str
    so_far: DeliveryTotals = field(default_factory=DeliveryTotals)

    def continued(self, totals: DeliveryTotals) -> "DeliveryOrder":
        """The same order for the next run of the chain."""
        return DeliveryOrder(endpoint_id=self.endpoint_id, so_far=totals)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What the merchant's server said, or why nothing was heard (`error`)."""

    status: int | None = None
    error: str | None = None
    excerpt: str = ""
    retry_after: str | None = None
    duration_ms: int = 0

    @property
    def accepted(self) -> bool:
        """Only 2xx counts; a redirect is a failure."""
        return self.status is not None and 200 <= self.status < 300

    @property
    def gone(self) -> bool:
        """410: the merchant wants no more."""
        return self.status == 410


def pause(tries: int, answer: Answer, *, now: datetime, luck: float) -> timedelta | None:
    """How long after failed try number `tries` the next one comes; None after the last.

    `luck` is between 0 and 1. Retry-After can only lengthen the pause, to 24 hours at most.
    """
    if tries >= len(SCHEDULE):
        return None
    asked = retry_after(answer.retry_after, now=now)
    return max(SCHEDULE[tries] * (1 + JITTER * luck), asked)


def retry_after(header: str | None, *, now: datetime) -> timedelta:
    """Retry-After in seconds or as an HTTP date; zero for anything else (RFC 9110, 10.2.3)."""
    text = (header or "").strip()
    if text.isascii() and text.isdigit():
        return min(timedelta(seconds=int(text[:9])), LONGEST_RETRY_AFTER)
    try:
        when = parsedate_to_datetime(text)
    except (ValueError, OverflowError):  # a year or an offset no clock has
        return timedelta(0)
    if when.tzinfo is None:
        when = when.replace(tzinfo=UTC)
    return min(max(when - now, timedelta(0)), LONGEST_RETRY_AFTER)


def body(event: Mapping[str, Any], *, org: str, api_version: str) -> str:
    """`{type, timestamp, data}` of one event row: the same text at every try.

    An object too large for a webhook is named only (`truncated`); the merchant fetches it.
    """
    facts = {
        "sequence": event["sequence"],
        "api_version": api_version,
        "livemode": event["livemode"],
        "org": org,
    }
    text = _message(event, {**event["data"], **facts})
    if len(text.encode()) < LARGEST_BODY:
        return text
    whole = event["data"].get("object", {})
    named = {key: whole[key] for key in ("id", "object", "status") if key in whole}
    return _message(event, {"object": named, "truncated": True, **facts})


def _message(event: Mapping[str, Any], data: Mapping[str, Any]) -> str:
    message = {"type": event["type"], "timestamp": moment(event["created_at"]), "data": data}
    return json.dumps(message, separators=(",", ":"))


def endpoint_object(row: Mapping[str, Any]) -> dict[str, Any]:
    """A row of `webhook_endpoints` as merchants see it; the secret is never in it."""
    return {
        "id": ids.shown(ids.ENDPOINT, row["id"]),
        "object": "webhook_endpoint",
        "url": row["url"],
        "description": row["description"],
        "event_types": list(row["event_types"]),
        "state": row["state"],
        "disabled_reason": row["disabled_reason"],
        "failing_since": moment(row["failing_since"]),
        "livemode": row["livemode"],
        "created_at": moment(row["created_at"]),
        "updated_at": moment(row["updated_at"]),
    }


def new_secret() -> str:
    """A signing secret: `whsec_` and 32 random bytes in base64 (Standard Webhooks)."""
    return "whsec_" + base64.b64encode(os.urandom(32)).decode()
