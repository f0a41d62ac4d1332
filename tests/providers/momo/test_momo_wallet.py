"""What MTN's disbursement product is sent and says, field by field."""

import base64
import json
from dataclasses import replace
from typing import Any

import pytest

from models.ids import momo_reference
from models.money import Money
from models.money_out import Holder
from models.reading import Reason, Verdict
from providers.momo.settings import MomoSettings
from providers.momo.wallet import BALANCE, HOLDER, REFUND, TRANSFER, MomoWallet, opened
from tests.providers.sheets.momo import (
    ORDER,
    PAYOUTS,
    SETTINGS,
    error,
    operation,
    wallet,
)
from tests.providers.sheets.momo import REFUND as BACK
from tests.providers.sheets.sheet import Rail, Wire

ACTIVE = Wire(body=b'{"result":true}')


def a_wallet(*plays: Wire) -> tuple[MomoWallet, Rail]:
    """A wallet whose provider plays `plays`."""
    rail = Rail(PAYOUTS, list(plays))
    return wallet(rail), rail


async def test_a_transfer_carries_the_products_own_keys_and_every_field() -> None:
    ours, rail = a_wallet(Wire(status=202))
    await ours.pay_out(ORDER)
    (sent,) = rail.sent
    assert (sent.method, sent.url.path) == ("POST", TRANSFER)
    headers = {
        "X-Reference-Id": momo_reference(ORDER.id),
        "X-Target-Environment": "mtncameroon",
        "Ocp-Apim-Subscription-Key": "canary-disbursement",
        "X-Callback-Url": ORDER.result_url,
    }
    assert {name: sent.headers[name] for name in headers} == headers
    assert json.loads(sent.content) == {
        "amount": "15000",
        "currency": "XAF",
        "externalId": ORDER.id,
        "payee": {"partyIdType": "MSISDN", "partyId": "237670000002"},
        "payerMessage": "Loan 42",
        "payeeNote": "Loan 42",
    }


async def test_the_products_token_is_fetched_with_its_own_user() -> None:
    seen = []

    class Watch(Rail):
        async def handle_async_request(self, request):  # type: ignore[no-untyped-def]  # test spy
            seen.append(request)
            return await super().handle_async_request(request)

    await wallet(Watch(PAYOUTS, [Wire(status=202)])).pay_out(ORDER)
    pair = f"{SETTINGS.disbursement_api_user}:canary-disbursement-key"
    assert seen[0].url.path == "/disbursement/token/"
    assert seen[0].headers["Authorization"] == f"Basic {base64.b64encode(pair.encode()).decode()}"


async def test_no_address_no_callback_header() -> None:
    ours, rail = a_wallet(Wire(status=202))
    await ours.pay_out(replace(ORDER, result_url=None))
    assert "X-Callback-Url" not in rail.sent[0].headers


async def test_a_refund_names_the_payment_by_the_reference_it_was_asked_under() -> None:
    ours, rail = a_wallet(Wire(status=202))
    reading = await ours.refund(BACK)
    (sent,) = rail.sent
    assert reading.verdict is Verdict.PENDING
    assert sent.url.path == REFUND
    assert sent.headers["X-Reference-Id"] == momo_reference(BACK.id)
    body = json.loads(sent.content)
    assert body["referenceIdToRefund"] == momo_reference(BACK.attempt_id)
    assert (body["amount"], body["currency"]) == ("1500", "XAF")


async def test_a_part_of_a_payment_is_refused_unsent() -> None:
    ours, rail = a_wallet()
    reading = await ours.refund(replace(BACK, amount=Money(1499, "XAF")))
    assert (reading.verdict, reading.reason) == (Verdict.REFUSED, Reason.BAD_REQUEST)
    assert rail.sent == []


async def test_an_empty_float_is_named() -> None:
    ours, _ = a_wallet(Wire(body=operation("FAILED", reason="NOT_ENOUGH_FUNDS")))
    reading = await ours.ask_payout(ORDER)
    assert (reading.verdict, reading.reason) == (Verdict.REFUSED, Reason.INSUFFICIENT_FUNDS)


async def test_the_balance_is_the_available_one() -> None:
    ours, rail = a_wallet(Wire(body=b'{"availableBalance":"1000","currency":"XAF"}'))
    assert (await ours.balance()).amount == Money(1000, "XAF")
    assert rail.sent[0].url.path == BALANCE


@pytest.mark.parametrize(
    ("plays", "holder"),
    [
        (
            (ACTIVE, Wire(body=b'{"name":"ndoumbe AWA ngo","status":"ACTIVE"}')),
            Holder(active=True, name="ndoumbe AWA ngo", matches=True),
        ),
        (
            (ACTIVE, Wire(body=b'{"given_name":"Paul","family_name":"Biya"}')),
            Holder(active=True, name="Paul Biya", matches=False),
        ),
        ((ACTIVE, Wire(status=404, body=b"{}")), Holder(active=True)),
        ((Wire(body=b'{"result":"false"}'),), Holder(active=False)),
        ((error(404, "RESOURCE_NOT_FOUND"),), Holder(active=False)),
        ((Wire(status=404, body=b"<html>"),), Holder()),
        ((error(500, "INTERNAL_PROCESSING_ERROR"),), Holder()),
    ],
)
async def test_a_holder_is_known_as_far_as_mtn_says(
    plays: tuple[Wire, ...], holder: Holder
) -> None:
    ours, rail = a_wallet(*plays)
    assert await ours.holder(ORDER) == holder
    assert rail.sent[0].url.path == f"{HOLDER}/237670000002/active"


async def test_only_a_number_is_asked_about() -> None:
    ours, rail = a_wallet()
    assert await ours.holder(replace(ORDER, payee="../237")) == Holder()
    assert rail.sent == []


def a_product(**changes: Any) -> MomoSettings:
    """Settings of the collection product alone, and changes."""
    return MomoSettings(
        subscription_key="s", api_user="u", api_key="k", target_environment="mtncameroon", **changes
    )


def test_without_the_product_there_is_no_wallet() -> None:
    assert opened(a_product()) is None
    assert opened(SETTINGS) is not None


def test_half_a_product_is_refused() -> None:
    with pytest.raises(ValueError, match="all three"):
        a_product(disbursement_api_user="u")
