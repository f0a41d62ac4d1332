"""What the card gateway is sent, field by field, and what a page that is over means."""

import json
from base64 import b64encode
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import accumulate

import pytest

from models.money import Money
from models.reading import Reading, Reason, Verdict
from providers.cards.client import CardsClient
from providers.cards.refunds import CardRefunds
from providers.cards.settings import CardsSettings
from tests.providers.sheets.cards import (
    ATTEMPT,
    DECLINED,
    NO_ORDER,
    PAGE,
    PAID,
    PATH,
    REFUND,
    SESSION,
    SETTINGS,
    SHEET,
    a_refund,
    a_session,
    a_transaction,
    an_order,
    error,
    wire,
)
from tests.providers.sheets.sheet import Rail, Wire

ANSWERED = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
#: 1800 seconds of the page, 300 in which what was begun may end.
OVER = ANSWERED + timedelta(seconds=2100)
P, S, R, U = Verdict.PENDING, Verdict.SETTLED, Verdict.REFUSED, Verdict.UNKNOWN


def a_client(
    *plays: Wire, settings: CardsSettings = SETTINGS, now: datetime = OVER
) -> tuple[CardsClient, Rail]:
    rail = Rail(SHEET, list(plays))
    return CardsClient(settings, transport=rail, clock=lambda: now), rail


def other_settings(**changes: str) -> CardsSettings:
    named = {"base_url": "https://g.example", "merchant_id": "TESTKAURI", "api_password": "p"}
    return CardsSettings(**{**named, **changes})  # type: ignore[arg-type]  # one of its fields each


async def inquired(play: Wire, now: datetime, *, session: str | None = SESSION) -> Reading:
    client, _ = a_client(play, now=now)
    charge = replace(SHEET.charge, prompted_at=ANSWERED, provider_reference=session)
    return await client.inquire(charge)


async def test_a_session_carries_every_field_and_nothing_of_the_payer() -> None:
    client, rail = a_client(wire(a_session(), 201))
    reading = await client.prompt(SHEET.charge)
    (sent,) = rail.sent
    assert (sent.method, sent.url.path) == ("POST", f"{PATH}/session")
    login = b64encode(b"merchant.TESTKAURI:canary-password").decode()
    assert sent.headers["Authorization"] == f"Basic {login}"
    assert json.loads(sent.content) == {
        "apiOperation": "INITIATE_CHECKOUT",
        "interaction": {
            "operation": "PURCHASE",
            "merchant": {"name": "Duka"},
            "returnUrl": "https://shop.example/ok",
            "cancelUrl": "https://www.mastercard.com",
            "timeout": 1800,
        },
        "order": {
            "id": ATTEMPT,
            "amount": "1500.00",
            "currency": "KES",
            "description": "Order 42",
            "reference": ATTEMPT,
            "notificationUrl": "https://pay.example/in/cd1/abc.def",
        },
    }
    assert (reading.redirect_url, reading.provider_reference) == (PAGE, SESSION)


async def test_an_address_that_is_not_secure_is_not_told() -> None:
    client, rail = a_client(wire(a_session(), 201))
    await client.prompt(replace(SHEET.charge, callback_url="http://127.0.0.1/in/cd1/abc.def"))
    assert "notificationUrl" not in json.loads(rail.sent[0].content)["order"]


async def test_a_currency_without_decimals_has_none_on_the_wire() -> None:
    client, rail = a_client(wire(a_session(), 201), settings=other_settings(currency="XAF"))
    await client.prompt(replace(SHEET.charge, amount=Money(100, "XAF")))
    sent = json.loads(rail.sent[0].content)
    assert (sent["order"]["amount"], sent["interaction"]["merchant"]["name"]) == (
        "100",
        "TESTKAURI",
    )


async def test_a_session_nobody_can_open_has_no_page() -> None:
    client, _ = a_client(wire(a_session(session={"id": "../../order/1"}), 201))
    reading = await client.prompt(SHEET.charge)
    assert (reading.verdict, reading.redirect_url) == (U, None)


async def test_an_order_is_asked_for_by_our_reference_even_without_a_session() -> None:
    client, rail = a_client(wire(PAID))
    reading = await client.inquire(replace(SHEET.charge, provider_reference=None))
    assert (rail.sent[0].method, rail.sent[0].url.path) == ("GET", f"{PATH}/order/{ATTEMPT}")
    assert (reading.verdict, reading.amount) == (S, SHEET.charge.amount)


@pytest.mark.parametrize(
    ("play", "reason"),
    [
        (NO_ORDER, Reason.PROMPT_EXPIRED),
        (wire(an_order("AUTHENTICATION_INITIATED")), Reason.PROMPT_EXPIRED),
        (wire(an_order("FAILED", DECLINED)), Reason.INSUFFICIENT_FUNDS),
        (wire(an_order("FAILED")), Reason.DECLINED),
    ],
)
async def test_what_was_not_paid_on_a_page_that_is_over_will_not_be(
    play: Wire, reason: Reason
) -> None:
    living = await inquired(play, OVER - timedelta(seconds=1))
    over = await inquired(play, OVER)
    assert (living.verdict, over.verdict, over.reason) == (P, R, reason)


@pytest.mark.parametrize("status", ["PENDING", "AUTHORIZED", "NEVER_HEARD_OF"])
async def test_money_that_may_still_come_is_waited_for_after_the_page(status: str) -> None:
    assert (await inquired(wire(an_order(status)), OVER)).verdict is P


async def test_an_order_paid_late_is_paid() -> None:
    assert (await inquired(wire(PAID), OVER + timedelta(days=1))).verdict is S


async def test_no_order_where_nobody_was_given_a_page_proves_that_nothing_was_received() -> None:
    reading = await inquired(NO_ORDER, OVER, session=None)
    assert (reading.verdict, reading.reason) == (U, Reason.NOT_FOUND)
    assert SHEET.provider.terms(SETTINGS).absence_proves


async def test_a_page_whose_beginning_is_not_known_is_never_over() -> None:
    client, _ = a_client(NO_ORDER, now=OVER + timedelta(days=1))
    assert (await client.inquire(SHEET.charge)).verdict is P


def test_the_end_of_a_page_is_asked_for_soon_after_it() -> None:
    terms = SHEET.provider.terms(SETTINGS)
    questions = accumulate(terms.ask_every, initial=terms.patience)
    after = min(seconds for seconds in questions if seconds > 2100)
    assert after < min(2160, terms.prompt_lifetime)


@pytest.mark.parametrize("changes", [{"id": "att_01jc0000000000000000000001"}, {"merchant": "X"}])
async def test_another_order_says_nothing_about_this_one(changes: dict[str, str]) -> None:
    reading = await inquired(wire(PAID | changes), OVER)
    assert (reading.verdict, reading.reason) == (U, Reason.MISMATCH)


async def test_a_refund_names_its_part_and_an_id_of_ours() -> None:
    rail = Rail(SHEET, [wire(a_refund(), 201)])
    reading = await CardRefunds(SETTINGS, transport=rail).refund(REFUND)
    (sent,) = rail.sent
    transaction = f"refund-{REFUND.id}"
    assert (sent.method, sent.url.path) == (
        "PUT",
        f"{PATH}/order/{ATTEMPT}/transaction/{transaction}",
    )
    assert json.loads(sent.content) == {
        "apiOperation": "REFUND",
        "transaction": {"amount": "500.00", "currency": "KES"},
    }
    assert (reading.verdict, reading.amount) == (S, REFUND.amount)
    assert (reading.provider_reference, reading.receipt) == (transaction, "410810111399")


async def test_a_refund_the_gateway_calls_invalid_may_be_one_that_was_done() -> None:
    rail = Rail(SHEET, [error(400, "INVALID_REQUEST", "said"), wire(a_refund())])
    refunds = CardRefunds(SETTINGS, transport=rail)
    first, asked = await refunds.refund(REFUND), await refunds.ask_refund(REFUND)
    assert (first.verdict, first.reason, asked.verdict) == (U, Reason.BAD_REQUEST, S)
    assert rail.sent[0].url.path == rail.sent[1].url.path


async def test_a_declined_refund_is_refused_and_another_transaction_is_not_it() -> None:
    rail = Rail(SHEET, [wire(a_refund("FAILURE", "DECLINED"), 201), wire(a_transaction())])
    refunds = CardRefunds(SETTINGS, transport=rail)
    declined, other = await refunds.refund(REFUND), await refunds.ask_refund(REFUND)
    assert (declined.verdict, other.verdict, other.reason) == (R, U, Reason.MISMATCH)


@pytest.mark.parametrize(
    "changes",
    [
        {"return_url": "http://shop.example"},
        {"merchant_id": "../other"},
        {"api_version": "62"},
        {"currency": "QQQ"},
    ],
)
def test_settings_the_gateway_would_refuse_stop_the_start(changes: dict[str, str]) -> None:
    with pytest.raises(ValueError, match=next(iter(changes))):
        other_settings(**changes)
