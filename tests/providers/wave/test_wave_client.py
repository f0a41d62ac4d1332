"""What Wave is sent, field by field."""

import json
from dataclasses import replace
from itertools import accumulate

import pytest

from models.money import Money
from models.reading import Reason, Verdict
from providers.wave.client import SESSIONS, WaveClient
from providers.wave.settings import WaveSettings
from providers.wave.wallet import WaveWallet
from tests.providers.sheets.sheet import Rail, Wire
from tests.providers.sheets.wave import (
    ATTEMPT,
    EXPIRED,
    OPEN,
    ORDER,
    PAGE,
    PAID,
    PAYOUT,
    REFUND,
    SESSION,
    SETTINGS,
    SHEET,
    a_payout,
    a_session,
    error,
    wire,
)


def a_client(*plays: Wire, settings: WaveSettings = SETTINGS) -> tuple[WaveClient, Rail]:
    rail = Rail(SHEET, list(plays))
    return WaveClient(settings, transport=rail), rail


def a_wallet(*plays: Wire) -> tuple[WaveWallet, Rail]:
    rail = Rail(SHEET, list(plays))
    return WaveWallet(SETTINGS, transport=rail), rail


async def test_a_session_carries_every_field_and_only_this_payer_may_pay() -> None:
    client, rail = a_client(wire(OPEN))
    reading = await client.prompt(SHEET.charge)
    (sent,) = rail.sent
    assert (sent.method, sent.url.path) == ("POST", SESSIONS)
    assert sent.headers["Authorization"] == "Bearer canary-wave-key"
    assert sent.headers["Content-Type"] == "application/json"
    assert json.loads(sent.content) == {
        "amount": "1500",
        "currency": "XOF",
        "success_url": "https://shop.example/ok",
        "error_url": "https://www.wave.com",
        "client_reference": ATTEMPT,
        "restrict_payer_mobile": "+221771234567",
    }
    assert (reading.redirect_url, reading.provider_reference) == (PAGE, SESSION)


async def test_a_request_is_signed_only_where_the_key_was_made_so() -> None:
    client, rail = a_client(wire(OPEN))
    await client.prompt(SHEET.charge)
    plain = WaveSettings(base_url="https://wave.example", api_key="k")
    other, unsigned = a_client(wire(OPEN), settings=plain)
    await other.prompt(SHEET.charge)
    assert rail.sent[0].headers["Wave-Signature"].startswith("t=")
    assert "Wave-Signature" not in unsigned.sent[0].headers


async def test_an_aggregator_names_for_whom_it_collects() -> None:
    settings = WaveSettings(
        base_url="https://w.example", api_key="k", aggregated_merchant_id="am-1"
    )
    client, rail = a_client(wire(OPEN), settings=settings)
    await client.prompt(SHEET.charge)
    assert json.loads(rail.sent[0].content)["aggregated_merchant_id"] == "am-1"


async def test_other_currencies_have_two_decimals() -> None:
    settings = WaveSettings(base_url="https://w.example", api_key="k", currency="GMD", country="GM")
    client, rail = a_client(wire(OPEN), settings=settings)
    await client.prompt(replace(SHEET.charge, amount=Money(150_050, "GMD")))
    assert json.loads(rail.sent[0].content)["amount"] == "1500.50"


async def test_a_session_is_asked_for_by_its_id() -> None:
    client, rail = a_client(wire(PAID))
    await client.inquire(SHEET.charge)
    assert rail.sent[0].url.path == f"{SESSIONS}/{SESSION}"


@pytest.mark.parametrize("lost", [None, "", "../../v1/balance", "a b"])
async def test_a_session_whose_id_was_lost_is_searched_for_by_our_reference(
    lost: str | None,
) -> None:
    client, rail = a_client(wire({"result": [PAID]}))
    reading = await client.inquire(replace(SHEET.charge, provider_reference=lost))
    assert rail.sent[0].url.path == f"{SESSIONS}/search"
    assert dict(rail.sent[0].url.params) == {"client_reference": ATTEMPT}
    assert (reading.verdict, reading.provider_reference) == (Verdict.SETTLED, SESSION)


async def test_a_search_that_finds_an_open_session_gives_its_page() -> None:
    client, _ = a_client(wire({"result": [OPEN]}))
    reading = await client.inquire(replace(SHEET.charge, provider_reference=None))
    assert (reading.verdict, reading.redirect_url) == (Verdict.PENDING, PAGE)


async def test_nothing_found_is_unknown_until_the_settle_time_proves_it() -> None:
    client, _ = a_client(wire({"result": []}))
    reading = await client.inquire(replace(SHEET.charge, provider_reference=None))
    assert (reading.verdict, reading.reason) == (Verdict.UNKNOWN, Reason.NOT_FOUND)
    assert SHEET.provider.terms(SETTINGS).absence_proves


def test_the_end_of_a_session_is_asked_for_soon_after_it() -> None:
    terms = SHEET.provider.terms(SETTINGS)
    questions = accumulate(terms.ask_every, initial=terms.patience)
    after = min(seconds for seconds in questions if seconds > 1800)
    assert after < min(1860, terms.prompt_lifetime)


GONE = error(404, "checkout-session-not-found")
OTHER = a_session("expired", "processing", id="cos-other")
LOST = a_session("open", "processing", id="cos-other")


@pytest.mark.parametrize("gone", [GONE, wire({}, 404), Wire(status=404, body=b"<html>")])
@pytest.mark.parametrize(
    ("found", "verdict"),
    [
        (wire({"result": [PAID]}), Verdict.SETTLED),
        (wire({"result": [EXPIRED]}), Verdict.REFUSED),
        (wire({"result": [LOST]}), Verdict.PENDING),
        (wire({"result": [OTHER]}), Verdict.UNKNOWN),
        (wire({"result": []}), Verdict.UNKNOWN),
        (GONE, Verdict.UNKNOWN),
    ],
)
async def test_a_session_we_hold_that_is_not_found_is_searched_for_and_never_absent(
    gone: Wire, found: Wire, verdict: Verdict
) -> None:
    client, rail = a_client(gone, found)
    reading = await client.inquire(SHEET.charge)
    assert [sent.url.path for sent in rail.sent] == [
        f"{SESSIONS}/{SESSION}",
        f"{SESSIONS}/search",
    ]
    assert reading.verdict is verdict
    assert reading.reason is not Reason.NOT_FOUND


@pytest.mark.parametrize("wrong", [GONE, wire({}, 404)])
async def test_an_error_of_the_search_is_no_proof_of_absence(wrong: Wire) -> None:
    client, _ = a_client(wrong)
    reading = await client.inquire(replace(SHEET.charge, provider_reference=None))
    assert reading.verdict is Verdict.UNKNOWN
    assert reading.reason is not Reason.NOT_FOUND


async def test_another_attempts_session_says_nothing_about_this_one() -> None:
    client, _ = a_client(wire(PAID | {"client_reference": "ORDER-1"}))
    reading = await client.inquire(SHEET.charge)
    assert (reading.verdict, reading.reason) == (Verdict.UNKNOWN, Reason.MISMATCH)


async def test_a_payout_repeats_key_and_bytes() -> None:
    wallet, rail = a_wallet(wire(a_payout("processing")), wire(a_payout("processing")))
    for _ in range(2):
        await wallet.pay_out(ORDER)
    assert [sent.headers["Idempotency-Key"] for sent in rail.sent] == [ORDER.id, ORDER.id]
    assert rail.sent[0].content == rail.sent[1].content
    assert json.loads(rail.sent[0].content) == {
        "currency": "XOF",
        "receive_amount": "15000",
        "mobile": "+221771234567",
        "name": "Awa Diop",
        "payment_reason": "Loan 42",
        "client_reference": ORDER.id,
    }


async def test_the_reason_of_a_payout_is_cut_at_forty() -> None:
    wallet, rail = a_wallet(wire(a_payout("processing")))
    await wallet.pay_out(replace(ORDER, purpose="x" * 60))
    assert json.loads(rail.sent[0].content)["payment_reason"] == "x" * 40


async def test_a_payout_is_asked_for_by_waves_id_or_searched_for_by_ours() -> None:
    wallet, rail = a_wallet(wire(a_payout("succeeded")), wire({"result": []}))
    known = await wallet.ask_payout(replace(ORDER, provider_reference=PAYOUT))
    await wallet.ask_payout(ORDER)
    assert [sent.url.path for sent in rail.sent] == [
        f"/v1/payout/{PAYOUT}",
        "/v1/payouts/search",
    ]
    assert (known.verdict, known.amount) == (Verdict.SETTLED, ORDER.amount)


async def test_a_refund_names_its_session_and_nothing_else() -> None:
    wallet, rail = a_wallet(Wire())
    reading = await wallet.refund(REFUND)
    (sent,) = rail.sent
    assert (sent.url.path, sent.content) == (f"{SESSIONS}/{SESSION}/refund", b"")
    assert reading.verdict is Verdict.SETTLED


async def test_the_balance_is_an_amount_without_a_verdict() -> None:
    wallet, _ = a_wallet(
        wire({"amount": "250000", "currency": "XOF"}), error(403, "invalid-wallet")
    )
    held, refused = await wallet.balance(), await wallet.balance()
    assert (held.verdict, held.amount) == (None, Money(250_000, "XOF"))
    assert (refused.verdict, refused.reason) == (None, Reason.CONFIGURATION)


@pytest.mark.parametrize(
    ("said", "matches", "within"),
    [
        ({"within_limits": True, "name_match": "MATCH"}, True, True),
        ({"within_limits": False, "name_match": "NO_MATCH"}, False, False),
        ({"within_limits": True, "name_match": "NAME_NOT_KNOWN"}, None, True),
        ({}, None, None),
    ],
)
async def test_a_recipient_is_compared_with_the_name_we_know(
    said: object, matches: bool | None, within: bool | None
) -> None:
    wallet, rail = a_wallet(wire(said))
    holder = await wallet.holder(ORDER)
    assert (holder.matches, holder.within_limits) == (matches, within)
    assert json.loads(rail.sent[0].content) == {
        "mobile": "+221771234567",
        "amount": "15000",
        "currency": "XOF",
        "name": "Awa Diop",
    }
