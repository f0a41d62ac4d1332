"""What the core API is sent, and what it says about a payment."""

import json
from dataclasses import replace

import httpx
import pytest

from models.money_out import Holder
from models.reading import Reading, Reason, Verdict
from providers.contract import Ambiguous, Unreachable
from providers.orange_cm.channel import NOTHING_TO_ASK_WITH
from providers.orange_cm.client import OrangeCmClient
from providers.orange_cm.connection import BASE
from providers.orange_cm.notices import read_subscriber
from providers.orange_cm.wallet import SUBSCRIBER, OrangeCmWallet, opened
from tests.providers.sheets.orange_cm import (
    FRESH,
    FUNDS,
    ORDER,
    PAY_TOKEN,
    PAYOUTS,
    SETTINGS,
    SHEET,
    said,
    told,
    wallet,
    wire,
)
from tests.providers.sheets.sheet import Play, Rail, Wire


def a_client(*plays: Play) -> tuple[OrangeCmClient, Rail]:
    """A client whose Orange plays `plays`."""
    rail = Rail(SHEET, list(plays))
    return OrangeCmClient(SETTINGS, transport=rail), rail


async def test_a_push_is_made_under_a_fresh_token_and_signed_by_the_channel() -> None:
    client, rail = a_client(told("PENDING"))
    charge = replace(SHEET.charge, provider_reference=None)
    reading = await client.prompt(charge)
    (sent,) = rail.sent
    assert (reading.verdict, reading.provider_reference) == (Verdict.PENDING, PAY_TOKEN)
    assert (sent.method, sent.url.path) == ("POST", f"{BASE}/mp/pay")
    assert sent.headers["X-AUTH-TOKEN"] == "Y2FuYXJ5LXVzZXI6Y2FuYXJ5LXBhc3N3b3Jk"
    assert json.loads(sent.content) == {
        "notifUrl": charge.callback_url,
        "channelUserMsisdn": "690000002",
        "amount": "1500",
        "subscriberMsisdn": "690000001",
        "pin": "2580",
        "orderId": charge.attempt_id,
        "description": "Order 42",
        "payToken": PAY_TOKEN,
    }


async def test_a_lost_payment_carries_the_token_it_was_made_under() -> None:
    client, _ = a_client(httpx.ReadTimeout("slow"))
    with pytest.raises(Ambiguous) as lost:
        await client.prompt(replace(SHEET.charge, provider_reference=None))
    assert lost.value.handle == PAY_TOKEN
    assert PAY_TOKEN not in str(lost.value)


@pytest.mark.parametrize(
    "init", [httpx.ReadTimeout("slow"), said(500, "no"), Wire(body=b"<html>"), said(404, "no")]
)
async def test_without_a_token_nothing_was_paid(init: Play) -> None:
    prepared = replace(SHEET, prepares={})
    rail = Rail(prepared, [init])
    client = OrangeCmClient(SETTINGS, transport=rail)
    with pytest.raises(Unreachable):
        await client.prompt(replace(SHEET.charge, provider_reference=None))
    assert [one.url.path for one in rail.sent] == [f"{BASE}/mp/init"]


async def test_a_refused_token_is_told_as_it_is() -> None:
    rail = Rail(replace(SHEET, prepares={}), [said(403, "Access denied")])
    client = OrangeCmClient(SETTINGS, transport=rail)
    reading = await client.prompt(replace(SHEET.charge, provider_reference=None))
    assert (reading.verdict, reading.reason) == (Verdict.REFUSED, Reason.CONFIGURATION)


async def test_a_payer_without_funds_is_refused_in_the_answer_itself() -> None:
    client, _ = a_client(told("FAILED", 400, FUNDS, inittxnstatus="60019"))
    reading = await client.prompt(SHEET.charge)
    assert (reading.verdict, reading.reason) == (Verdict.REFUSED, Reason.INSUFFICIENT_FUNDS)
    assert reading.provider_code == "60019"


async def test_a_payment_sent_again_goes_under_the_token_it_had() -> None:
    client, rail = a_client(told("PENDING"))
    await client.prompt(SHEET.charge)
    assert [one.url.path for one in rail.sent] == [f"{BASE}/mp/pay"]
    assert json.loads(rail.sent[0].content)["payToken"] == PAY_TOKEN


@pytest.mark.parametrize("handle", [None, "", "../mp", "a b"])
async def test_without_a_token_there_is_nothing_to_ask_with(handle: str | None) -> None:
    client, rail = a_client()
    asked = await client.inquire(replace(SHEET.charge, provider_reference=handle))
    assert asked == NOTHING_TO_ASK_WITH
    assert rail.sent == []


async def test_a_cash_in_leaves_the_channel() -> None:
    rail = Rail(PAYOUTS, [told("PENDING")])
    reading = await wallet(rail).pay_out(FRESH)
    assert (reading.verdict, reading.provider_reference) == (Verdict.PENDING, PAY_TOKEN)
    assert rail.sent[0].url.path == f"{BASE}/cashin/pay"
    body = json.loads(rail.sent[0].content)
    assert (body["subscriberMsisdn"], body["notifUrl"]) == ("690000001", FRESH.result_url)


@pytest.mark.parametrize(
    ("play", "holder"),
    [
        (
            wire({"data": {"firstName": "NGONO", "lastName": "Marie"}}),
            Holder(active=True, name="NGONO Marie", matches=True),
        ),
        (said(404, "Subscriber not found"), Holder()),
        (Wire(body=b"<html>"), Holder()),
    ],
)
async def test_a_subscriber_is_known_as_far_as_orange_says(play: Wire, holder: Holder) -> None:
    rail = Rail(PAYOUTS, [play])
    assert await wallet(rail).holder(ORDER) == holder
    assert rail.sent[0].url.path == f"{BASE}{SUBSCRIBER}690000001"
    assert json.loads(rail.sent[0].content) == {"pin": "2580", "channelMsisdn": "690000002"}


def test_a_subscribers_name_stays_out_of_the_reading() -> None:
    body = b'{"data":{"firstName":"Marie","lastName":"Ngono"}}'
    assert read_subscriber(body) == Reading(verdict=None)
    assert read_subscriber(b'{"message":"no"}', 404).verdict is None


def test_a_channel_that_may_not_pay_out_has_no_wallet() -> None:
    assert opened(SETTINGS.model_copy(update={"pays_out": False})) is None
    assert isinstance(opened(SETTINGS), OrangeCmWallet)
