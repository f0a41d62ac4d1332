"""Rows of the authorisation table for batches of payouts, and the batch their paths name."""

from typing import Any

from api.keys import PAYOUTS_APPROVE, PAYOUTS_READ, PAYOUTS_WRITE
from models import ids

BATCHES = "/v1/payout_batches"
_FILE = "phone,amount\n+254712000001,1500\n"

#: (method, path template) -> (scope, body, status for the owner, for another organisation)
BATCH_ROWS: dict[tuple[str, str], tuple[str, Any, int, int]] = {
    ("POST", BATCHES): (PAYOUTS_WRITE, _FILE, 201, 201),
    ("GET", BATCHES): (PAYOUTS_READ, None, 200, 200),
    ("GET", f"{BATCHES}/{{batch}}"): (PAYOUTS_READ, None, 200, 404),
    ("GET", f"{BATCHES}/{{batch}}/timeline"): (PAYOUTS_READ, None, 200, 404),
    ("GET", f"{BATCHES}/{{batch}}/rows"): (PAYOUTS_READ, None, 200, 404),
    ("GET", f"{BATCHES}/{{batch}}/errors"): (PAYOUTS_READ, None, 200, 404),
    ("GET", f"{BATCHES}/{{batch}}/result"): (PAYOUTS_READ, None, 200, 404),
    ("POST", f"{BATCHES}/{{batch}}/pause"): (PAYOUTS_WRITE, None, 200, 404),
    ("POST", f"{BATCHES}/{{batch}}/resume"): (PAYOUTS_WRITE, None, 200, 404),
    ("POST", f"{BATCHES}/{{batch}}/cancel"): (PAYOUTS_WRITE, None, 200, 404),
    ("POST", f"{BATCHES}/{{batch}}/duplicates"): (PAYOUTS_WRITE, {"decision": "skip"}, 200, 404),
    ("POST", f"{BATCHES}/{{batch}}/approve"): (PAYOUTS_APPROVE, {}, 409, 404),
    ("POST", f"{BATCHES}/{{batch}}/approval_code"): (PAYOUTS_APPROVE, None, 409, 404),
    ("POST", f"{BATCHES}/{{batch}}/reject"): (PAYOUTS_APPROVE, {}, 409, 404),
}


def a_batch(world: Any, state: str = "running") -> str:
    """A batch of the world's organisation."""
    made = ids.uuid7()
    world.sql(
        "insert into sagas (id, org_id, livemode, kind, state, data)"
        " values (%s, %s, false, 'payout_batch', %s, '{\"currency\": \"KES\"}')",
        made,
        world.org,
        state,
    )
    return ids.shown(ids.BATCH, made)


def named_batch(world: Any, template: str) -> dict[str, str]:
    """What stands in the braces of a batch's path."""
    return {"batch": a_batch(world)} if "{batch}" in template else {}
