"""Who may call what: one table of every route and every kind of caller.

A route that is missing from the table fails, so nobody adds one without deciding.
"""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from fastapi.routing import iter_route_contexts

from api.keys import (
    CHECKOUTS_WRITE,
    EVENTS_READ,
    MESSAGES_READ,
    OPERATOR,
    PARTNER_WRITE,
    PAYMENTS_READ,
    TREASURY,
    WALLET_READ,
    WALLET_WRITE,
    WEBHOOKS_WRITE,
)
from models import ids
from models.ids import PLATFORM_ORG
from tests.api.batch_rows import BATCH_ROWS, BATCHES, named_batch
from tests.api.escrow_rows import ESCROW_ROWS, named_escrow
from tests.api.float_rows import FLOAT_ROWS, named_float
from tests.api.loan_rows import LOAN_ROWS, named_loan
from tests.api.page_rows import PAGE_ROWS, PAYER, named_page
from tests.api.partner_rows import PARTNER_ROWS, named
from tests.api.payout_rows import PAYOUT_ROWS, named_payout
from tests.api.rail_rows import RAIL_ROWS
from tests.api.refund_rows import REFUND_ROWS, named_refund
from tests.api.treasury_rows import TREASURY_ROWS, named_treasury

PUBLIC, CALLBACK = "public", "callback"
SESSION = {"amount": 1_000, "currency": "KES", "reference": "o-1"}
CONFIRM = {"method": "mpesa", "payer": {"phone": "+254700000001"}}
ENDPOINT = {"url": "https://shop.example/hook"}
REASON = {"reason": "seen with the provider"}
RESOLVE = {"outcome": "failed", "evidence": "ticket 7", **REASON}
TAKEN = {"kind": "chargeback", "amount": 100, "number": "CB1", **REASON}
SINCE = {"from": (datetime.now(UTC) - timedelta(days=1)).isoformat()}
DECIDE = {"decision": "accept", **REASON}
CREDIT = {"decision": "refunded", **REASON}
TOPUP = {"amount": 10_000, "via": "mobile_money", "phone": "0712 000 001"}
ALERT = {"threshold": 1_000, "recommended": 5_000}
#: What routes need in their query.
QUERIES = {
    ("GET", "/v1/charges/quote"): "?for=loan&amount=100000",
    ("POST", BATCHES): "?currency=KES",
}

# (method, path template) -> (scope, body, status for the owner, status for another organisation)
TABLE: dict[tuple[str, str], tuple[str, Any, int, int]] = {
    ("POST", "/v1/checkouts"): (CHECKOUTS_WRITE, SESSION, 201, 201),
    ("GET", "/v1/checkouts"): (PAYMENTS_READ, None, 200, 200),
    ("GET", "/v1/checkouts/{checkout}"): (PAYMENTS_READ, None, 200, 404),
    ("POST", "/v1/checkouts/{checkout}/confirm"): (CHECKOUTS_WRITE, CONFIRM, 200, 404),
    ("POST", "/v1/checkouts/{checkout}/cancel"): (CHECKOUTS_WRITE, None, 200, 404),
    ("GET", "/v1/checkouts/{checkout}/timeline"): (PAYMENTS_READ, None, 200, 404),
    ("GET", "/v1/checkouts/{checkout}/stream"): (PAYMENTS_READ, None, 200, 404),
    ("GET", "/v1/payments"): (PAYMENTS_READ, None, 200, 200),
    ("GET", "/v1/payments/{payment}"): (PAYMENTS_READ, None, 200, 404),
    ("GET", "/v1/payments/{payment}/timeline"): (PAYMENTS_READ, None, 200, 404),
    ("GET", "/v1/events"): (EVENTS_READ, None, 200, 200),
    ("GET", "/v1/events/{event}"): (EVENTS_READ, None, 200, 404),
    ("GET", "/v1/providers"): (PAYMENTS_READ, None, 200, 200),
    ("POST", "/v1/webhook_endpoints"): (WEBHOOKS_WRITE, ENDPOINT, 201, 201),
    ("GET", "/v1/webhook_endpoints"): (WEBHOOKS_WRITE, None, 200, 200),
    ("GET", "/v1/webhook_endpoints/{endpoint_id}"): (WEBHOOKS_WRITE, None, 200, 404),
    ("PATCH", "/v1/webhook_endpoints/{endpoint_id}"): (WEBHOOKS_WRITE, {}, 200, 404),
    ("POST", "/v1/webhook_endpoints/{endpoint_id}/rotate"): (WEBHOOKS_WRITE, None, 200, 404),
    ("POST", "/v1/webhook_endpoints/{endpoint_id}/test"): (WEBHOOKS_WRITE, None, 200, 404),
    ("POST", "/v1/webhook_endpoints/{endpoint_id}/replay"): (
        WEBHOOKS_WRITE,
        SINCE,
        200,
        404,
    ),
    ("GET", "/v1/webhook_endpoints/{endpoint_id}/deliveries"): (WEBHOOKS_WRITE, None, 200, 404),
    ("DELETE", "/v1/webhook_endpoints/{endpoint_id}"): (WEBHOOKS_WRITE, None, 204, 404),
    **PARTNER_ROWS,
    **ESCROW_ROWS,
    **FLOAT_ROWS,
    **LOAN_ROWS,
    **PAGE_ROWS,
    **TREASURY_ROWS,
    **BATCH_ROWS,
    **PAYOUT_ROWS,
    **REFUND_ROWS,
    ("GET", "/v1/wallet"): (WALLET_READ, None, 200, 200),
    ("GET", "/v1/wallet/transactions"): (WALLET_READ, None, 200, 200),
    ("PUT", "/v1/wallet/alert"): (WALLET_WRITE, ALERT, 200, 200),
    ("POST", "/v1/wallet/topups"): (WALLET_WRITE, TOPUP, 201, 201),
    ("GET", "/v1/wallet/topups"): (WALLET_READ, None, 200, 200),
    ("GET", "/v1/wallet/topups/{topup}"): (WALLET_READ, None, 404, 404),
    ("GET", "/v1/wallet/topups/{topup}/timeline"): (WALLET_READ, None, 404, 404),
    ("GET", "/v1/charges/quote"): (WALLET_READ, None, 200, 200),
    ("GET", "/v1/messages"): (MESSAGES_READ, None, 200, 200),
    ("GET", "/v1/messages/languages"): (MESSAGES_READ, None, 200, 200),
    ("PUT", "/v1/messages/languages"): (PARTNER_WRITE, {"people": "sw"}, 200, 200),
    ("GET", "/v1/reports/messages"): (MESSAGES_READ, None, 200, 200),
    ("GET", "/v1/operator/payments"): (OPERATOR, None, 200, 200),
    ("POST", "/v1/operator/payments/{payment}/ask"): (OPERATOR, REASON, 409, 409),
    ("POST", "/v1/operator/payments/{payment}/resolve"): (OPERATOR, RESOLVE, 409, 409),
    ("POST", "/v1/operator/payments/{payment}/taken_back"): (OPERATOR, TAKEN, 409, 409),
    ("GET", "/v1/operator/sagas"): (OPERATOR, None, 200, 200),
    ("GET", "/v1/operator/exceptions"): (OPERATOR, None, 200, 200),
    ("POST", "/v1/operator/exceptions/{case}/decide"): (OPERATOR, CREDIT, 404, 404),
    ("POST", "/v1/operator/sagas/{saga}/ask"): (OPERATOR, REASON, 404, 404),
    ("POST", "/v1/operator/sagas/{saga}/resolve"): (OPERATOR, RESOLVE, 404, 404),
    ("GET", "/v1/operator/cases"): (OPERATOR, None, 200, 200),
    ("POST", "/v1/operator/cases/{case}/decide"): (OPERATOR, DECIDE, 404, 404),
    **RAIL_ROWS,
    ("GET", "/openapi.json"): (PUBLIC, None, 200, 200),
    ("GET", "/healthz"): (PUBLIC, None, 200, 200),
    ("GET", "/readyz"): (PUBLIC, None, 200, 200),
    ("GET", "/metrics"): (PUBLIC, None, 200, 200),
    ("GET", "/docs"): (PUBLIC, None, 200, 200),
    ("GET", "/docs/problems"): (PUBLIC, None, 200, 200),
    ("GET", "/docs/{asset}"): (PUBLIC, None, 200, 200),
    ("POST", "/in/sm1/{token}"): (CALLBACK, {}, 200, 200),
    ("POST", "/in/{slug}/{token}"): (CALLBACK, {}, 200, 200),
    ("PUT", "/in/{slug}/{token}"): (CALLBACK, {}, 404, 404),
    ("GET", "/in/{slug}/{token}"): (CALLBACK, None, 404, 404),
    ("POST", "/in/kb1/{token}"): (CALLBACK, {}, 401, 401),
    ("POST", "/in/ke9/{token}"): (CALLBACK, {}, 401, 401),
    ("POST", "/in/{slug}/{token}/"): (CALLBACK, {}, 200, 200),
    ("GET", "/in/{slug}/{token}/"): (CALLBACK, None, 404, 404),
    ("POST", "/in/kb2/{token}"): (CALLBACK, {}, 401, 401),
    ("POST", "/in/ke7/{token}"): (CALLBACK, {}, 401, 401),
    ("POST", "/in/kb3/{token}"): (CALLBACK, {}, 401, 401),
}
OPEN = {PUBLIC, CALLBACK, PAYER}
PROTECTED = {route: row for route, row in TABLE.items() if row[0] not in OPEN}
ALL_SCOPES = (CHECKOUTS_WRITE, PAYMENTS_READ, EVENTS_READ, WEBHOOKS_WRITE, OPERATOR)


def test_every_route_is_in_the_table(world: Any) -> None:
    served = {
        (method, context.path)
        for context in iter_route_contexts(world.app.routes)
        for method in (context.methods or set()) - {"HEAD"}
    }
    assert served == set(TABLE)


@pytest.mark.parametrize("route", PROTECTED, ids=" ".join)
async def test_each_caller_gets_what_the_table_says(world: Any, route: tuple[str, str]) -> None:
    scope, _body, owner, stranger = PROTECTED[route]
    path = await path_of(world, route)
    expected, answered = {}, {}
    for name, key in callers(world, scope).items():
        expected[name] = {"owner": owner, "other organisation": stranger}.get(name, 401)
        if name in {"wrong scopes", "operator"}:
            expected[name] = 403
        if name == "live mode":
            expected[name] = stranger
        answered[name] = await status(world, route, path, key)
    assert answered == expected


@pytest.mark.parametrize(
    "route", [route for route, row in TABLE.items() if row[0] == PUBLIC], ids=" ".join
)
async def test_public_routes_need_no_key_and_mind_none(world: Any, route: tuple[str, str]) -> None:
    path = await path_of(world, route)
    answered = [await status(world, route, path, key) for key in ("", "kk_test_bad")]
    assert answered == [TABLE[route][2]] * 2


@pytest.mark.parametrize(
    "route", [route for route, row in TABLE.items() if row[0] == PAYER], ids=" ".join
)
async def test_a_payers_page_is_opened_by_its_path_alone(
    world: Any, route: tuple[str, str]
) -> None:
    path = await path_of(world, route)
    answered = [await status(world, route, path, key) for key in ("", "kk_test_bad")]
    forged = re.sub(r"\.[0-9a-f]{32}", f".{'0' * 32}", path)
    assert answered == [TABLE[route][2]] * 2
    assert await status(world, route, forged, "") == 404


async def test_callbacks_are_opened_by_their_path_alone(world: Any) -> None:
    path = await path_of(world, ("POST", "/in/{slug}/{token}"))
    assert await status(world, ("POST", "/in/{slug}/{token}"), path, "") == 200
    assert await status(world, ("PUT", "/in/{slug}/{token}"), path, "") == 404


async def test_a_merchant_key_with_the_operator_scope_is_no_operator(world: Any) -> None:
    key = world.make_key(scopes=ALL_SCOPES)
    answer = await world.client(key).get("/v1/operator/payments")
    assert (answer.status_code, answer.json()["code"]) == (403, "forbidden")


async def test_a_refused_key_is_told_why(world: Any) -> None:
    past = datetime.now(UTC) - timedelta(seconds=1)
    codes = []
    for key in ("", world.make_key(expires_at=past), world.make_key(revoked_at=past)):
        answer = await world.client(key).get("/v1/payments")
        codes.append(answer.json()["code"])
    assert codes == ["unauthenticated", "api_key_expired", "api_key_revoked"]


def callers(world: Any, scope: str) -> dict[str, str]:
    """A key for each kind of caller; the owner comes last because it changes things."""
    past = datetime.now(UTC) - timedelta(seconds=1)
    others = tuple(one for one in ALL_SCOPES if one != scope)
    house = scope in {OPERATOR, TREASURY}
    home = PLATFORM_ORG if house else world.org
    keys = {
        "nobody": "",
        "bad key": f"kk_test_{'a' * 52}",
        "malformed key": "kk_test_short",
        "expired": world.make_key(home, scopes=(scope,), expires_at=past),
        "revoked": world.make_key(home, scopes=(scope,), revoked_at=past),
        "wrong scopes": world.make_key(home, scopes=others),
    }
    if not house:
        keys["operator"] = world.make_key(PLATFORM_ORG, scopes=(OPERATOR,))
        keys["live mode"] = world.make_key(scopes=(scope,), livemode=True)
        keys["other organisation"] = world.make_key(world.make_org(), scopes=(scope,))
    return {**keys, "owner": world.make_key(home, scopes=(scope,))}


async def status(world: Any, route: tuple[str, str], path: str, key: str) -> int:
    """Call the route; what is changed is changed under a key of its own."""
    headers = {"idempotency-key": ids.mint("idem")}
    if OPERATOR in TABLE[route][0]:
        approver = world.make_key(PLATFORM_ORG, scopes=(OPERATOR,), principal="op.brian")
        headers["kauri-approver"] = f"Bearer {approver}"
    client = world.client(key)
    answer = await client.request(route[0], path, json=TABLE[route][1], headers=headers)
    return int(answer.status_code)


async def path_of(world: Any, route: tuple[str, str]) -> str:
    """The template filled with objects of `world.org` in test mode."""
    checkout = await world.created(reference="o-path")
    confirmed = await world.created(reference="o-confirmed", confirm=CONFIRM)
    if route[1].endswith("/stream"):  # it ends with the session
        await world.http.post(f"/v1/checkouts/{checkout['id']}/cancel")
    endpoint = await world.http.post("/v1/webhook_endpoints", json=ENDPOINT)
    events = await world.http.get("/v1/events")
    attempt = confirmed["payment"]["latest_attempt"]["id"]
    callback = ids.callback_path(attempt, "ke1", world.parts.settings.callback_secret)
    return route[1].format(
        **await named(world, route[1]),
        **await named_float(world, route[1]),
        **named_loan(world, route[1]),
        **named_treasury(world, route[1]),
        **await named_escrow(world, route[1]),
        **named_batch(world, route[1]),
        **named_payout(world, route[1]),
        **await named_page(world, route[1], checkout),
        **named_refund(world, route[1]),
        checkout=checkout["id"],
        payment=checkout["payment"]["id"],
        event=events.json()["data"][0]["id"],
        endpoint_id=endpoint.json()["id"],
        case=ids.mint(ids.CASE),
        saga=ids.mint(ids.LOAN),
        topup=ids.mint(ids.TOPUP),
        asset="swagger-ui.css",
        provider="mpesa",
        window=ids.mint(ids.MAINTENANCE),
        prefix="none",
        slug="ke1",
        token=callback.rpartition("/")[2],
    ) + QUERIES.get(route, "")
