"""The payouts' rows of the authorisation table, and a payout their paths can name."""

import json
from typing import Any

import httpx

from api.keys import OPERATOR, PAYOUTS_APPROVE, PAYOUTS_READ, PAYOUTS_WRITE
from models import ids

PAYOUTS = "/v1/payouts"
#: Of a key that sends money.
SCOPES = (PAYOUTS_READ, PAYOUTS_WRITE)
WAVED: dict[str, Any] = {
    "amount": 40_000,
    "currency": "KES",
    "method": "wave",
    "payee": {"phone": "+254712000001", "name": "Amina Otieno"},
    "purpose": "Salary",
}
LATER = {**WAVED, "scheduled_at": "2027-01-31T06:00:00Z"}

#: (method, path template) -> (scope, body, status for the owner, for another organisation)
PAYOUT_ROWS: dict[tuple[str, str], tuple[str, Any, int, int]] = {
    ("POST", PAYOUTS): (PAYOUTS_WRITE, LATER, 201, 201),
    ("GET", PAYOUTS): (PAYOUTS_READ, None, 200, 200),
    ("GET", f"{PAYOUTS}/{{payout}}"): (PAYOUTS_READ, None, 200, 404),
    ("GET", f"{PAYOUTS}/{{payout}}/timeline"): (PAYOUTS_READ, None, 200, 404),
    ("POST", f"{PAYOUTS}/{{payout}}/cancel"): (PAYOUTS_WRITE, None, 200, 404),
    ("POST", f"{PAYOUTS}/{{payout}}/approve"): (PAYOUTS_APPROVE, {}, 409, 404),
    ("POST", f"{PAYOUTS}/{{payout}}/approval_code"): (PAYOUTS_APPROVE, None, 409, 404),
    ("POST", f"{PAYOUTS}/{{payout}}/reject"): (PAYOUTS_APPROVE, {}, 409, 404),
    ("GET", "/v1/payout_policy"): (PAYOUTS_READ, None, 200, 200),
    ("PUT", "/v1/payout_policy"): (PAYOUTS_APPROVE, {}, 200, 200),
    ("PUT", "/v1/operator/payout_fees/{org}"): (OPERATOR, {}, 200, 200),
}


def a_payout(world: Any, state: str = "queued", **data: Any) -> str:
    """A payout of the world's organisation."""
    made = ids.uuid7()
    shown = {"method": "wave", "kind": "payout", "payee": "+2547…001", **data}
    world.sql(
        "insert into sagas (id, org_id, livemode, kind, state, amount, currency, data)"
        " values (%s, %s, false, 'payout', %s, 40000, 'KES', %s)",
        made,
        world.org,
        state,
        json.dumps(shown),
    )
    return ids.shown(ids.PAYOUT, made)


def named_payout(world: Any, template: str) -> dict[str, str]:
    """What stands in the braces of a payout's path."""
    named = {"payout": a_payout(world)} if "{payout}" in template else {}
    return {**named, "org": ids.shown(ids.ORG, world.org)} if "{org}" in template else named


async def pay(http: httpx.AsyncClient, body: Any, key: str = "") -> httpx.Response:
    return await http.post(PAYOUTS, json=body, headers={"idempotency-key": key or ids.mint("idem")})


async def limit(boss: httpx.AsyncClient, **limits: Any) -> None:
    answer = await boss.put("/v1/payout_policy", json={"limits": [{"currency": "KES", **limits}]})
    assert answer.status_code == 200, answer.text
