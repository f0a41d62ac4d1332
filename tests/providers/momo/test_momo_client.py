"""What MTN is sent, field by field."""

import base64
import json
from dataclasses import replace

from models.ids import momo_reference
from models.reading import Reason, Verdict
from providers.momo.client import REQUEST, MomoClient
from tests.providers.sheets.momo import ATTEMPT, PAID, SETTINGS, SHEET, error
from tests.providers.sheets.sheet import Rail, Wire, on


def a_client(*plays: Wire) -> tuple[MomoClient, Rail]:
    """An MTN client whose provider plays `plays`."""
    rail = Rail(SHEET, list(plays))
    return MomoClient(SETTINGS, transport=rail), rail


async def test_a_request_carries_every_header_and_field() -> None:
    client, rail = a_client(Wire(status=202))
    await client.prompt(replace(SHEET.charge, description="L'été — Order 42"))
    (sent,) = rail.sent
    assert (sent.method, sent.url.path) == ("POST", REQUEST)
    headers = {
        "Authorization": "Bearer canary-token",
        "X-Reference-Id": momo_reference(ATTEMPT),
        "X-Target-Environment": "mtncameroon",
        "Ocp-Apim-Subscription-Key": "canary-subscription",
        "X-Callback-Url": SHEET.charge.callback_url,
    }
    assert {name: sent.headers[name] for name in headers} == headers
    assert json.loads(sent.content) == {
        "amount": "1500",
        "currency": "XAF",
        "externalId": ATTEMPT,
        "payer": {"partyIdType": "MSISDN", "partyId": "237670000001"},
        "payerMessage": "L t Order 42",
        "payeeNote": "L t Order 42",
    }


async def test_the_token_is_fetched_with_user_key_and_subscription() -> None:
    seen = []

    class Watch(Rail):
        async def handle_async_request(self, request):  # type: ignore[no-untyped-def]  # test spy
            seen.append(request)
            return await super().handle_async_request(request)

    rail = Watch(SHEET, [Wire(status=202)])
    await MomoClient(SETTINGS, transport=rail).prompt(SHEET.charge)
    pair = base64.b64encode(f"{SETTINGS.api_user}:canary-api-key".encode()).decode()
    assert (seen[0].method, seen[0].content) == ("POST", b"")
    assert seen[0].headers["Authorization"] == f"Basic {pair}"
    assert seen[0].headers["Ocp-Apim-Subscription-Key"] == "canary-subscription"


async def test_an_empty_callback_address_is_left_out() -> None:
    client, rail = a_client(Wire(status=202))
    await client.prompt(replace(SHEET.charge, callback_url=""))
    assert "X-Callback-Url" not in rail.sent[0].headers


async def test_a_question_is_asked_by_our_own_reference() -> None:
    client, rail = a_client(Wire(body=PAID))
    reading = await client.inquire(replace(SHEET.charge, provider_reference=None))
    assert reading.verdict is Verdict.SETTLED
    assert rail.sent[0].url.path == f"{REQUEST}/{momo_reference(ATTEMPT)}"


async def test_not_found_is_unknown_until_the_settle_time_proves_it() -> None:
    client, _ = on(SHEET, error(404, "RESOURCE_NOT_FOUND"))
    reading = await client.inquire(SHEET.charge)
    assert (reading.verdict, reading.reason) == (Verdict.UNKNOWN, Reason.NOT_FOUND)
    assert SHEET.provider.terms(SETTINGS).absence_proves
