"""What Orange is sent, field by field, and what is believed where the answer was lost."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from itertools import accumulate

import pytest
from pydantic import ValidationError

from models.ids import ATTEMPT as PREFIX
from models.ids import parsed
from models.money import Money
from models.reading import Reason, Verdict
from providers.orange.client import OrangeClient
from providers.orange.settings import OrangeSettings
from tests.providers.sheets.orange import ATTEMPT, PAGE, PAY_TOKEN, SETTINGS, SHEET, made, told
from tests.providers.sheets.sheet import Rail, Wire

BEGUN = (parsed(PREFIX, ATTEMPT).int >> 80) / 1000
PLACE = "/orange-money-webpay"
SANDBOX = OrangeSettings(
    base_url="https://o.example", client_id="c", client_secret="s", merchant_key="m", sandbox=True
)


def a_client(
    *plays: Wire, settings: OrangeSettings = SETTINGS, clock: Callable[[], float] = lambda: BEGUN
) -> tuple[OrangeClient, Rail]:
    rail = Rail(SHEET, list(plays))
    return OrangeClient(settings, transport=rail, clock=clock), rail


async def test_a_page_is_asked_for_with_every_field() -> None:
    client, rail = a_client(made())
    reading = await client.prompt(SHEET.charge)
    (sent,) = rail.sent
    assert (sent.method, sent.url.path) == ("POST", f"{PLACE}/cm/v1/webpayment")
    assert sent.headers["Authorization"] == "Bearer t1"
    assert json.loads(sent.content) == {
        "merchant_key": "canary-merchant",
        "currency": "XAF",
        "order_id": ATTEMPT,
        "amount": 1200,
        "return_url": "https://shop.example/ok",
        "cancel_url": "https://shop.example/no",
        "notif_url": "https://pay.example/in/om1/abc.def",
        "lang": "fr",
        "reference": "Order 42",
    }
    assert (reading.redirect_url, reading.provider_reference) == (PAGE, PAY_TOKEN)


async def test_an_order_id_and_every_text_fit_what_orange_takes() -> None:
    client, rail = a_client(made())
    far = f"https://shop.example/{'x' * 120}"
    await client.prompt(replace(SHEET.charge, description="x" * 60, success_url=far))
    body = json.loads(rail.sent[0].content)
    assert len(body["order_id"]) == len(body["reference"]) == 30
    assert body["return_url"] == SETTINGS.return_url


async def test_an_address_of_ours_that_is_too_long_is_refused_unsent() -> None:
    client, rail = a_client()
    reading = await client.prompt(
        replace(SHEET.charge, callback_url=f"https://pay.example/{'x' * 120}")
    )
    assert (reading.verdict, reading.reason) == (Verdict.REFUSED, Reason.BAD_REQUEST)
    assert rail.sent == []


async def test_the_sandbox_has_its_own_place_and_play_money() -> None:
    client, rail = a_client(made(), told("PENDING"), settings=SANDBOX)
    await client.prompt(SHEET.charge)
    await client.inquire(SHEET.charge)
    assert {sent.url.path.rpartition("/")[0] for sent in rail.sent} == {f"{PLACE}/dev/v1"}
    assert json.loads(rail.sent[0].content)["currency"] == "OUV"


async def test_a_question_repeats_order_amount_and_token() -> None:
    client, rail = a_client(told("SUCCESS"))
    await client.inquire(SHEET.charge)
    (sent,) = rail.sent
    assert sent.url.path == f"{PLACE}/cm/v1/transactionstatus"
    assert json.loads(sent.content) == {
        "order_id": ATTEMPT,
        "amount": 1200,
        "pay_token": PAY_TOKEN,
    }


async def test_another_order_says_nothing_about_this_one() -> None:
    client, _ = a_client(told("SUCCESS", order_id="ORDER-1"))
    reading = await client.inquire(SHEET.charge)
    assert (reading.verdict, reading.reason) == (Verdict.UNKNOWN, Reason.MISMATCH)


async def test_the_end_of_a_page_is_believed_a_minute_after_it_and_money_at_once() -> None:
    now = BEGUN + 605.0
    client, _ = a_client(told("EXPIRED"), told("EXPIRED"), told("SUCCESS"), clock=lambda: now)
    early = await client.inquire(SHEET.charge)
    now = BEGUN + 660.0
    late = await client.inquire(SHEET.charge)
    now = BEGUN + 605.0
    paid = await client.inquire(SHEET.charge)
    assert (early.verdict, early.reason) == (Verdict.PENDING, None)
    assert (late.verdict, late.reason) == (Verdict.REFUSED, Reason.PROMPT_EXPIRED)
    assert paid.verdict is Verdict.SETTLED


async def test_a_page_is_as_old_as_its_prompt_however_long_the_attempt_was_queued() -> None:
    now = BEGUN + 1_805.0
    client, rail = a_client(told("EXPIRED"), told("EXPIRED"), clock=lambda: now)
    charge = replace(SHEET.charge, prompted_at=datetime.fromtimestamp(BEGUN + 1_200.0, UTC))
    lost = replace(charge, provider_reference=None)
    early, open_still = await client.inquire(charge), await client.inquire(lost)
    now = BEGUN + 2_100.0
    late, over = await client.inquire(charge), await client.inquire(lost)
    assert (early.verdict, open_still.verdict) == (Verdict.PENDING, Verdict.UNKNOWN)
    assert (late.reason, over.reason) == (Reason.PROMPT_EXPIRED, Reason.PROMPT_EXPIRED)
    assert len(rail.sent) == 2


def test_the_end_of_a_page_is_believed_before_its_prompt_is_in_doubt() -> None:
    terms = SHEET.provider.terms(SETTINGS)
    questions = accumulate(terms.ask_every, initial=terms.patience)
    assert min(seconds for seconds in questions if seconds > 660) < terms.prompt_lifetime


@pytest.mark.parametrize("end", [600.0, SETTINGS.prompt_lifetime])
def test_the_end_of_a_page_and_of_its_prompt_are_asked_for_soon_after(end: float) -> None:
    terms = SHEET.provider.terms(SETTINGS)
    questions = accumulate(terms.ask_every, initial=terms.patience)
    assert min(seconds for seconds in questions if seconds > end) < end + 30


@pytest.mark.parametrize("lost", [None, ""])
async def test_a_page_nobody_was_given_is_unknown_while_it_lives_and_then_over(
    lost: str | None,
) -> None:
    now = BEGUN + 899.0
    client, rail = a_client(clock=lambda: now)
    charge = replace(SHEET.charge, provider_reference=lost)
    early = await client.inquire(charge)
    now = BEGUN + 900.0
    late = await client.inquire(charge)
    assert (early.verdict, early.reason) == (Verdict.UNKNOWN, Reason.NOTHING_TO_ASK_WITH)
    assert (late.verdict, late.reason) == (Verdict.REFUSED, Reason.PROMPT_EXPIRED)
    assert rail.sent == []


async def test_a_page_the_payer_may_hold_is_never_over_without_a_word_of_oranges() -> None:
    client, rail = a_client(clock=lambda: BEGUN + 90_000.0)
    charge = replace(SHEET.charge, provider_reference=None, redirect_url=PAGE)
    reading = await client.inquire(charge)
    assert (reading.verdict, reading.reason) == (Verdict.UNKNOWN, Reason.NOTHING_TO_ASK_WITH)
    assert rail.sent == []


async def test_a_fraction_is_refused_unsent() -> None:
    cedis = OrangeSettings(
        base_url="https://o.example", client_id="c", client_secret="s", merchant_key="m",
        country="GN", currency="CDF",
    )  # fmt: skip
    client, rail = a_client(settings=cedis)
    reading = await client.prompt(replace(SHEET.charge, amount=Money(150, "CDF")))
    assert (reading.verdict, reading.reason) == (Verdict.REFUSED, Reason.BAD_REQUEST)
    assert rail.sent == []


@pytest.mark.parametrize(
    "wrong",
    [{"currency": "OUV"}, {"country": "cm"}, {"shop": "x" * 31}, {"base_url": "http://o.example"}],
)
def test_a_wrong_setting_is_named_without_its_value(wrong: dict[str, str]) -> None:
    with pytest.raises(ValidationError) as refused:
        OrangeSettings(client_id="c", client_secret="s", merchant_key="m", **wrong)  # type: ignore[arg-type]  # the point
    assert next(iter(wrong)) in str(refused.value)
    assert next(iter(wrong.values())) not in str(refused.value)
