"""What Airtel is sent, field by field."""

import json
from base64 import b64decode
from dataclasses import replace

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from pydantic import SecretStr, ValidationError

from models.money import Money
from models.reading import Reason, Verdict
from providers.airtel.client import ENQUIRY, PUSH, AirtelClient
from providers.airtel.names import attempt_of, transaction_id
from providers.airtel.proof import BadKey, sealed_pin
from providers.airtel.settings import AirtelSettings
from providers.airtel.wallet import DISBURSE, REFUND, USERS, AirtelWallet, opened_to_pay
from tests.providers.sheets import airtel
from tests.providers.sheets.airtel import ORDER, OURS, PIN_KEY, RECEIPT, SETTINGS, SHEET
from tests.providers.sheets.sheet import Rail, Wire


def a_client(*plays: Wire) -> tuple[AirtelClient, Rail]:
    rail = Rail(SHEET, list(plays))
    return AirtelClient(SETTINGS, transport=rail), rail


def a_wallet(*plays: Wire, settings: AirtelSettings = SETTINGS) -> tuple[AirtelWallet, Rail]:
    rail = Rail(SHEET, list(plays))
    return AirtelWallet(settings, transport=rail), rail


def answered(data: object) -> Wire:
    """A look-up that was answered."""
    body = {"data": data, "status": {"response_code": "DP02200000001", "success": True}}
    return Wire(body=json.dumps(body).encode())


async def test_a_push_carries_every_header_and_field() -> None:
    client, rail = a_client(airtel.ack())
    await client.prompt(replace(SHEET.charge, description="L'été — Order 42"))
    (sent,) = rail.sent
    assert (sent.method, sent.url.path) == ("POST", PUSH)
    headers = {
        "Authorization": "Bearer canary-token",
        "X-Country": "UG",
        "X-Currency": "UGX",
        "Accept": "*/*",
        "Content-Type": "application/json",
    }
    assert {name: sent.headers[name] for name in headers} == headers
    assert json.loads(sent.content) == {
        "reference": "LtOrder42",
        "subscriber": {"country": "UG", "currency": "UGX", "msisdn": "700123123"},
        "transaction": {"amount": 500, "country": "UG", "currency": "UGX", "id": OURS},
    }


async def test_a_description_without_four_letters_is_replaced_by_our_id() -> None:
    client, rail = a_client(airtel.ack())
    await client.prompt(replace(SHEET.charge, description="№ 7"))
    assert json.loads(rail.sent[0].content)["reference"] == OURS


@pytest.mark.parametrize("payer", ["254700123123", "25670012312", "2567001231234", "256000000000"])
async def test_a_number_of_elsewhere_is_refused_unsent(payer: str) -> None:
    client, rail = a_client()
    reading = await client.prompt(replace(SHEET.charge, payer=payer))
    assert (reading.verdict, reading.reason) == (Verdict.REFUSED, Reason.BAD_REQUEST)
    assert rail.sent == []


async def test_cents_are_refused_unsent() -> None:
    settings = AirtelSettings(
        base_url="https://a.example", client_id="c", client_secret="s", country="KE", currency="KES"
    )
    rail = Rail(SHEET, [airtel.ack()])
    client = AirtelClient(settings, transport=rail)
    charge = replace(SHEET.charge, payer="254733123123")
    odd = await client.prompt(replace(charge, amount=Money(10_050, "KES")))
    assert odd.verdict is Verdict.REFUSED
    await client.prompt(replace(charge, amount=Money(10_000, "KES")))
    assert json.loads(rail.sent[0].content)["transaction"]["amount"] == 100


async def test_a_push_is_asked_for_by_our_own_id() -> None:
    client, rail = a_client(airtel.enquiry("TS"))
    reading = await client.inquire(SHEET.charge)
    assert rail.sent[0].url.path == f"{ENQUIRY}/{OURS}"
    assert (reading.verdict, reading.receipt) == (Verdict.SETTLED, RECEIPT)


async def test_not_found_is_unknown_until_five_minutes_prove_it() -> None:
    client, _ = a_client(airtel.envelope("DP00800001025"))
    reading = await client.inquire(SHEET.charge)
    assert (reading.verdict, reading.reason) == (Verdict.UNKNOWN, Reason.NOT_FOUND)
    terms = SHEET.provider.terms(SETTINGS)
    assert (terms.absence_proves, terms.settle_time) == (True, 300.0)


def test_our_id_names_its_attempt() -> None:
    assert attempt_of(OURS) is not None
    assert transaction_id(airtel.ATTEMPT) == OURS
    assert [attempt_of(name) for name in (None, "", "Order42", "A" * 32)] == [None] * 4


async def test_a_payout_carries_the_pin_sealed_and_the_payee() -> None:
    wallet, rail = a_wallet(airtel.payout("TS"))
    await wallet.pay_out(ORDER)
    (sent,) = rail.sent
    body = json.loads(sent.content)
    pin = PIN_KEY.decrypt(
        b64decode(body.pop("pin")),
        padding.OAEP(padding.MGF1(hashes.SHA256()), hashes.SHA256(), None),
    )
    assert (sent.url.path, pin) == (DISBURSE, b"4321")
    assert body == {
        "payee": {"currency": "UGX", "msisdn": "700123123", "name": "Grace Akello"},
        "reference": "Loan42",
        "transaction": {"amount": 500, "id": transaction_id(ORDER.id), "type": "B2C"},
    }


def test_older_apps_pad_their_pin_otherwise() -> None:
    older = SETTINGS.model_copy(update={"pin_padding": "pkcs1"})
    assert PIN_KEY.decrypt(b64decode(sealed_pin(older)), padding.PKCS1v15()) == b"4321"


@pytest.mark.parametrize("key", ["not base64", "AAAA", "-----BEGIN PUBLIC KEY-----"])
def test_a_key_nobody_can_read_is_named_without_its_text(key: str) -> None:
    with pytest.raises(BadKey) as caught:
        sealed_pin(SETTINGS.model_copy(update={"public_key": key}))
    assert key not in str(caught.value)


def test_a_pin_needs_the_key_it_travels_under() -> None:
    given = {"base_url": "https://a.example", "client_id": "c", "client_secret": "s"}
    with pytest.raises(ValidationError, match="set both, or neither"):
        AirtelSettings(**given, pin="1234")  # type: ignore[arg-type]  # one of its fields each


async def test_without_a_pin_nothing_is_paid_out() -> None:
    bare = AirtelSettings(base_url="https://a.example", client_id="c", client_secret="s")
    wallet, rail = a_wallet(settings=bare)
    assert (await wallet.pay_out(ORDER)).verdict is Verdict.REFUSED
    assert rail.sent == []


async def test_a_payout_is_asked_for_as_business_to_customer() -> None:
    wallet, rail = a_wallet(airtel.payout("TS"))
    await wallet.ask_payout(ORDER)
    (sent,) = rail.sent
    assert sent.url.path == f"{DISBURSE}{transaction_id(ORDER.id)}"
    assert dict(sent.url.params) == {"transactionType": "B2C"}


async def test_a_refund_names_the_receipt_and_cannot_be_asked_about() -> None:
    wallet, rail = a_wallet(airtel.envelope("DP00800001001", {"status": "SUCCESS"}, success=False))
    reading = await wallet.refund(airtel.REFUND)
    asked = await wallet.ask_refund(airtel.REFUND)
    assert rail.sent[0].url.path == REFUND
    assert json.loads(rail.sent[0].content) == {"transaction": {"airtel_money_id": RECEIPT}}
    assert reading.verdict is Verdict.SETTLED
    assert (asked.verdict, asked.reason) == (Verdict.UNKNOWN, Reason.NOTHING_TO_ASK_WITH)


async def test_the_balance_is_text_with_decimals() -> None:
    held = answered({"balance": "230486.65", "currency": "KES", "account_status": "Active"})
    wallet, rail = a_wallet(held)
    reading = await wallet.balance()
    assert (reading.verdict, reading.amount) == (None, Money(23_048_665, "KES"))
    assert rail.sent[0].url.path == f"{USERS}/balance"


@pytest.mark.parametrize(
    ("data", "active", "matches"),
    [
        ({"is_barred": False, "first_name": "GRACE", "last_name": "AKELLO"}, True, True),
        ({"is_barred": False, "first_name": "Akello", "last_name": "Grace"}, True, True),
        ({"is_barred": True, "first_name": "John", "last_name": "Okot"}, False, False),
        ({"is_barred": False}, True, None),
        ({}, None, None),
    ],
)
async def test_a_holder_is_compared_with_the_name_we_know(
    data: object, active: bool | None, matches: bool | None
) -> None:
    wallet, rail = a_wallet(answered(data))
    holder = await wallet.holder(ORDER)
    assert (holder.active, holder.matches) == (active, matches)
    assert rail.sent[0].url.path == f"{USERS}/700123123"
    assert "GRACE" not in repr(holder)


def test_without_a_pin_there_is_nobody_to_pay_out() -> None:
    pinless = SETTINGS.model_copy(update={"public_key": "", "pin": SecretStr("")})
    assert opened_to_pay(pinless) is None
