"""What a payer does, told in each provider's codes and in its book. One suffix, both providers."""

import uuid

import pytest

from tests.simulators.peers import World

pytestmark = pytest.mark.asyncio(loop_scope="session")

REFUSALS = [
    ("01", 1032, "APPROVAL_REJECTED"),
    ("02", 1031, "TRANSACTION_CANCELED"),
    ("03", 1, "NOT_ENOUGH_FUNDS"),
    ("04", 2001, "PAYMENT_NOT_APPROVED"),
    ("05", 1019, "EXPIRED"),
    ("06", 1037, "COULD_NOT_PERFORM_TRANSACTION"),
    ("07", 2051, "PAYER_NOT_FOUND"),
    ("08", 4, "PAYER_LIMIT_REACHED"),
]


@pytest.mark.parametrize(("suffix", "code", "_reason"), REFUSALS)
async def test_daraja_tells_a_refusal_by_callback_and_by_query(
    world: World, suffix: str, code: int, _reason: str
) -> None:
    key = (await world.daraja.push(f"2547000000{suffix}")).json()["CheckoutRequestID"]
    called = (await world.listener.hear("/in/a"))[0].stk["ResultCode"]
    asked = (await world.daraja.query(key)).json()["ResultCode"]
    assert (called, asked) == (code, str(code))
    assert (await world.book("daraja"))["debits"] == []


@pytest.mark.parametrize(("suffix", "_code", "reason"), REFUSALS)
async def test_momo_tells_a_refusal_by_callback_and_by_status(
    world: World, suffix: str, _code: int, reason: str
) -> None:
    await world.order("momo/settings", reason_as="string")
    reference = str(uuid.uuid4())
    await world.momo.pay(f"2376700000{suffix}", reference=reference)
    called = (await world.listener.hear("/in/a"))[0].body
    asked = (await world.momo.status(reference)).json()
    assert (called["status"], called["reason"]) == ("FAILED", reason)
    assert asked == called
    assert (await world.book("momo"))["debits"] == []


@pytest.mark.parametrize("provider", ["daraja", "momo"])
async def test_a_payer_without_a_wallet_is_never_rung(world: World, provider: str) -> None:
    if provider == "daraja":
        await world.daraja.push("254700000007")
    else:
        await world.momo.pay("237670000007")
    await world.listener.hear("/in/a")
    assert sum((await world.book(provider))["prompts"].values()) == 0


@pytest.mark.parametrize("number", ["254711223344", "254700000099", "254100000001"])
async def test_any_other_number_pays(world: World, number: str) -> None:
    await world.daraja.push(number)
    assert (await world.listener.hear("/in/a"))[0].stk["ResultCode"] == 0


async def test_who_never_decides_is_never_called_back(world: World) -> None:
    reference = str(uuid.uuid4())
    await world.momo.pay("237670000009", reference=reference)
    await world.paid("momo", path="/in/after")
    assert world.listener.on("/in/a") == []
    assert (await world.momo.status(reference)).json()["status"] == "PENDING"


async def test_a_wrong_amount_is_debited_and_told(world: World) -> None:
    await world.daraja.push("254700000040", path="/in/k")
    await world.momo.pay("237670000040", path="/in/m")
    shillings = (await world.listener.hear("/in/k"))[0].stk["CallbackMetadata"]["Item"][0]
    francs = (await world.listener.hear("/in/m"))[0].body["amount"]
    debit = (await world.book("daraja"))["debits"][0]
    assert (shillings["Value"], francs) == (9.0, "900")
    assert (debit["amount_minor"], debit["asked_minor"]) == (900, 1000)


async def test_where_a_tenth_is_nothing_one_unit_more_is_taken(world: World) -> None:
    await world.momo.pay("237670000040", amount="1")
    assert (await world.listener.hear("/in/a"))[0].body["amount"] == "2"


async def test_a_wrong_currency_is_debited_and_told(world: World) -> None:
    await world.momo.pay("237670000041")
    told = (await world.listener.hear("/in/a"))[0].body["currency"]
    debit = (await world.book("momo"))["debits"][0]
    assert (told, debit["currency"], debit["asked_currency"]) == ("XOF", "XOF", "XAF")


async def test_mpesa_names_no_currency_so_a_wrong_one_acts_as_paid(world: World) -> None:
    await world.daraja.push("254700000041")
    await world.listener.hear("/in/a")
    assert (await world.book("daraja"))["totals"] == {"KES": 1000}
