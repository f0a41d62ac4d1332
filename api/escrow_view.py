"""An escrow as its organisation sees it, and the link its customer is given."""

from collections.abc import Mapping
from typing import Any

from api.parts import Parts
from models import ids
from models.saga_view import saga_object

#: What the tag of a customer's link is made for.
LINK = "escrow"
Row = Mapping[str, Any]


def escrow_object(parts: Parts, row: Row) -> dict[str, Any]:
    """A row of `sagas`. The link stands in answers only: events and webhooks do not carry it."""
    shown = {"funded_at": None, "parts_carried": 0, **saga_object(row)}
    asked = row["data"]["on_confirmation"]
    return {**shown, "confirm_url": confirm_url(parts, row) if asked else None}


def confirm_url(parts: Parts, row: Row) -> str:
    """Where the customer says that all is well. Whoever has it may."""
    owner = row["id"].hex
    tag = ids.callback_tag(LINK, owner, parts.settings.callback_secret)
    return f"{parts.settings.public_url.rstrip('/')}/e/{owner}.{tag}"
