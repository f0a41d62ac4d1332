"""The refunds' rows of the authorisation table, and a refund their paths can name."""

import json
from typing import Any

from api.keys import PAYMENTS_READ, PAYOUTS_APPROVE, REFUNDS_WRITE
from models import ids

REFUNDS = "/v1/refunds"
ASKED = {"payment": ids.mint(ids.PAYMENT)}

#: (method, path template) -> (scope, body, status for the owner, for another organisation)
REFUND_ROWS: dict[tuple[str, str], tuple[str, Any, int, int]] = {
    ("POST", REFUNDS): (REFUNDS_WRITE, ASKED, 404, 404),
    ("GET", REFUNDS): (PAYMENTS_READ, None, 200, 200),
    ("GET", f"{REFUNDS}/{{refund}}"): (PAYMENTS_READ, None, 200, 404),
    ("GET", f"{REFUNDS}/{{refund}}/timeline"): (PAYMENTS_READ, None, 200, 404),
    ("POST", f"{REFUNDS}/{{refund}}/cancel"): (REFUNDS_WRITE, None, 200, 404),
    ("POST", f"{REFUNDS}/{{refund}}/approve"): (PAYOUTS_APPROVE, {}, 409, 404),
    ("POST", f"{REFUNDS}/{{refund}}/approval_code"): (PAYOUTS_APPROVE, None, 409, 404),
    ("POST", f"{REFUNDS}/{{refund}}/reject"): (PAYOUTS_APPROVE, {}, 409, 404),
}


def a_refund(world: Any, state: str = "created", **data: Any) -> str:
    """A refund of the world's organisation."""
    made = ids.uuid7()
    shown = {"payment": ASKED["payment"], "via": "native", "method": "mpesa"}
    world.sql(
        "insert into sagas (id, org_id, livemode, kind, state, amount, currency, data)"
        " values (%s, %s, false, 'refund', %s, 4000, 'KES', %s)",
        *[made, world.org, state, json.dumps({**shown, **data})],
    )
    return ids.shown(ids.REFUND, made)


def named_refund(world: Any, template: str) -> dict[str, str]:
    """What stands in the braces of a refund's path."""
    return {"refund": a_refund(world)} if "{refund}" in template else {}
