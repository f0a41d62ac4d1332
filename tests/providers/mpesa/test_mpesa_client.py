"""What M-Pesa is sent, field by field."""

import base64
import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from models.ids import account_reference
from models.money import Money
from models.reading import Reason, Verdict
from providers.mpesa.client import PUSH, QUERY, MpesaClient
from tests.providers.sheets.mpesa import ASKED, SETTINGS, SHEET, ack, answer
from tests.providers.sheets.sheet import Rail, on

JUST_BEFORE_MIDNIGHT_UTC = datetime(2026, 11, 7, 22, 30, 5, tzinfo=UTC)


async def test_a_push_carries_every_field_in_nairobi_time() -> None:
    rail = Rail(SHEET, [ack()])
    client = MpesaClient(SETTINGS, transport=rail, now=lambda: JUST_BEFORE_MIDNIGHT_UTC)
    await client.prompt(replace(SHEET.charge, description="Café l'été: 42 roses"))
    (sent,) = rail.sent
    assert (sent.method, sent.url.path) == ("POST", PUSH)
    assert sent.headers["Authorization"] == "Bearer canary-token"
    assert json.loads(sent.content) == {
        "BusinessShortCode": "600111",
        "Password": base64.b64encode(b"600111canary-passkey20261108013005").decode(),
        "Timestamp": "20261108013005",
        "TransactionType": "CustomerPayBillOnline",
        "Amount": "150",
        "PartyA": "254712000111",
        "PartyB": "600111",
        "PhoneNumber": "254712000111",
        "CallBackURL": SHEET.charge.callback_url,
        "AccountReference": account_reference(SHEET.charge.attempt_id),
        "TransactionDesc": "Caf l t 42 ro",
    }


async def test_buy_goods_pays_the_till() -> None:
    goods = SETTINGS.model_copy(
        update={"transaction_type": "CustomerBuyGoodsOnline", "till": "900222"}
    )
    rail = Rail(SHEET, [ack()])
    await MpesaClient(goods, transport=rail).prompt(SHEET.charge)
    body = json.loads(rail.sent[0].content)
    assert (body["BusinessShortCode"], body["PartyB"]) == ("600111", "900222")


@pytest.mark.parametrize("description", ["", "—", "!!!"])
async def test_a_description_is_never_empty(description: str) -> None:
    client, rail = on(SHEET, ack())
    await client.prompt(replace(SHEET.charge, description=description))
    assert json.loads(rail.sent[0].content)["TransactionDesc"] == "Payment"


async def test_cents_are_refused_not_dropped() -> None:
    client, rail = on(SHEET)
    reading = await client.prompt(replace(SHEET.charge, amount=Money(15_050, "KES")))
    assert (reading.verdict, reading.reason) == (Verdict.REFUSED, Reason.BAD_REQUEST)
    assert rail.sent == []


async def test_a_question_is_asked_by_checkout_request_id() -> None:
    client, rail = on(SHEET, answer("0"))
    assert (await client.inquire(SHEET.charge)).verdict is Verdict.SETTLED
    body = json.loads(rail.sent[0].content)
    assert (rail.sent[0].url.path, body["CheckoutRequestID"]) == (QUERY, ASKED)
    assert set(body) == {"BusinessShortCode", "Password", "Timestamp", "CheckoutRequestID"}


async def test_without_an_id_there_is_nothing_to_ask_with_and_nothing_is_sent() -> None:
    client, rail = on(SHEET)
    reading = await client.inquire(replace(SHEET.charge, provider_reference=None))
    assert (reading.verdict, reading.reason) == (Verdict.UNKNOWN, Reason.NOTHING_TO_ASK_WITH)
    assert (rail.sent, rail.token_calls) == ([], 0)


async def test_an_answer_about_another_prompt_is_no_answer() -> None:
    client, _ = on(SHEET, answer("0"))
    reading = await client.inquire(replace(SHEET.charge, provider_reference="ws_CO_other"))
    assert (reading.verdict, reading.reason) == (Verdict.UNKNOWN, Reason.UNREADABLE)
