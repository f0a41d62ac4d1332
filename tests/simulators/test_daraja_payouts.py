"""B2C and B2B as Daraja speaks them; the book is the witness."""

from typing import Any

import httpx
import pytest

from simulators.daraja.bands import fee
from tests.simulators.peers import World
from tests.simulators.short_code import (
    CODE,
    a_short_code,
    certificate,
    parameters,
    sealed,
)

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_a_payout_is_acknowledged_then_told_with_every_parameter(world: World) -> None:
    code = await a_short_code(world)
    ack = (await code.pay("K-ours")).json()
    told = await code.result()
    assert ack == {
        "ConversationID": told["ConversationID"],
        "OriginatorConversationID": "K-ours",
        "ResponseCode": "0",
        "ResponseDescription": "Accept the service request successfully.",
    }
    assert ack["ConversationID"].startswith("AG_")
    assert (told["ResultCode"], told["ResultType"]) == (0, 0)
    said = parameters(told)
    assert said["TransactionAmount"] == 1000
    assert said["TransactionReceipt"] == told["TransactionID"]
    assert said["ReceiverPartyPublicName"] == "254700000000 - SIM CUSTOMER 0000"
    assert said["B2CUtilityAccountAvailableFunds"] == 9000.0
    assert said["B2CChargesPaidAccountAvailableFunds"] == -5.0
    assert isinstance(told["ReferenceData"]["ReferenceItem"], dict)


async def test_the_book_shows_the_money_and_the_fee_movement_by_movement(world: World) -> None:
    code = await a_short_code(world)
    await code.pay("K-ours")
    receipt = (await code.result())["TransactionID"]
    book = await code.account()
    paid, charged = book["movements"]
    assert (paid["account"], paid["amount_minor"], paid["fee_minor"]) == ("utility", -100_000, 500)
    assert (charged["account"], charged["amount_minor"]) == ("charges_paid", -500)
    assert {paid["receipt"], charged["receipt"]} == {receipt}
    assert (paid["reference"], paid["party"]) == ("K-ours", "254700000000")
    assert book["balances"] == {"working": 0, "utility": 900_000, "charges_paid": -500}
    (line,) = book["instructions"]
    assert (line["code"], line["amount_minor"], line["payee"]) == ("0", 100_000, "254700000000")


async def test_the_checkouts_part_of_the_book_does_not_know_payouts(world: World) -> None:
    code = await a_short_code(world)
    await code.pay()
    await code.result()
    book = await world.book("daraja")
    assert (book["debits"], book["totals"], book["accepted"]) == ([], {}, 0)


async def test_a_fee_that_is_not_the_short_codes_is_not_taken(world: World) -> None:
    code = await a_short_code(world, charged=False)
    await code.pay()
    await code.result()
    assert (await code.balances())["charges_paid"] == 0


@pytest.mark.parametrize(
    ("shillings", "cents"), [(10, 0), (100, 0), (101, 500), (1501, 900), (20_001, 1_300)]
)
async def test_fees_come_in_bands(shillings: int, cents: int) -> None:
    assert fee(shillings * 100) == cents


async def test_a_repeated_reference_is_refused_and_pays_once(world: World) -> None:
    code = await a_short_code(world)
    await code.pay("K-once")
    again = await code.pay("K-once")
    await code.result()
    other = await a_short_code(world, "600333")
    elsewhere = await other.pay("K-once")
    assert (again.status_code, again.json()["errorCode"]) == (500, "500.002.1001")
    assert again.json()["errorMessage"] == "Duplicate OriginatorConversationID."
    assert elsewhere.status_code == 200
    assert (await code.balances())["utility"] == 900_000


async def test_money_in_working_does_not_pay_anybody(world: World) -> None:
    code = await a_short_code(world, utility_minor=0, working_minor=1_000_000)
    await code.pay()
    told = await code.result()
    assert told["ResultCode"] == 1
    assert "ResultParameters" not in told
    assert told["TransactionID"] == "TAH0000000"
    await code.transfer(Amount="2000")
    moved = await code.result(times=2)
    assert moved["ResultCode"] == 0
    await code.pay("K2")
    assert (await code.result(times=3))["ResultCode"] == 0
    held = await code.balances()
    assert (held["working"], held["utility"]) == (800_000, 100_000)


@pytest.mark.parametrize(("shillings", "result"), [("9", 2), ("250001", 3), ("250000", 0)])
async def test_a_payout_has_a_least_and_a_most(world: World, shillings: str, result: int) -> None:
    code = await a_short_code(world, utility_minor=100_000_000)
    await code.pay(Amount=shillings)
    assert (await code.result())["ResultCode"] == result


async def test_a_transfer_is_not_idempotent_and_moves_twice(world: World) -> None:
    code = await a_short_code(world, working_minor=100_000, utility_minor=0)
    for _ in range(2):
        await code.transfer(OriginatorConversationID="K-same")
    told = await code.result(times=2)
    assert (await code.balances())["utility"] == 100_000
    said = parameters(told)
    assert said["Amount"] == "500.00"
    assert said["DebitPartyAffectedAccountBalance"].startswith("Working Account|KES|")
    assert said["DebitPartyCharges"] is None
    assert isinstance(told["ReferenceData"]["ReferenceItem"], list)


async def test_a_transfer_reaches_another_short_code_and_needs_one(world: World) -> None:
    code = await a_short_code(world, working_minor=100_000)
    await a_short_code(world, "600333", utility_minor=0)
    await code.transfer(PartyB="600333")
    await code.result()
    await code.transfer(PartyB="699999")
    nobody = await code.result(times=2)
    book = (await world.book("daraja"))["organisations"]
    assert book["600333"]["balances"]["utility"] == 50_000
    assert nobody["ResultCode"] == "SFC_IC0003"


async def test_a_wrong_password_is_told_by_the_result_and_three_lock_the_initiator(
    world: World,
) -> None:
    code = await a_short_code(world)
    wrong = code.with_password(sealed(await certificate(world), "guess"))
    for times in (1, 2, 3):
        assert (await wrong.balance()).json()["ResponseCode"] == "0"
        assert (await wrong.result(times=times))["ResultCode"] == 2001
    await code.pay()
    assert (await code.result(times=4))["ResultCode"] == 8006
    assert (await code.account())["initiator_locked"]
    assert (await code.balances())["utility"] == 1_000_000


async def test_a_right_password_forgives_the_wrong_ones_before(world: World) -> None:
    code = await a_short_code(world)
    wrong = code.with_password("bm90IHNlYWxlZA==")
    for caller in (wrong, wrong, code, wrong):
        await caller.balance()
    await code.result(times=4)
    assert not (await code.account())["initiator_locked"]


async def test_another_initiator_is_wrong_too(world: World) -> None:
    code = await a_short_code(world)
    await code.pay(InitiatorName="somebody")
    assert (await code.result())["ResultCode"] == 2001


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"OriginatorConversationID": None}, "OriginatorConversationID"),
        ({"InitiatorName": None}, "InitiatorName"),
        ({"SecurityCredential": ""}, "SecurityCredential"),
        ({"CommandID": "Pay"}, "CommandID"),
        ({"Amount": "10.50"}, "Amount"),
        ({"PartyB": "0700000000"}, "PartyB"),
        ({"Remarks": ""}, "Remarks"),
        ({"ResultURL": "https://x.example/mpesa/1"}, "ResultURL"),
        ({"QueueTimeOutURL": None}, "QueueTimeOutURL"),
    ],
)
async def test_a_wrong_field_of_a_payout_is_named(
    world: World, changes: dict[str, Any], field: str
) -> None:
    code = await a_short_code(world)
    answer = await code.pay(**changes)
    assert (answer.status_code, answer.json()["errorCode"]) == (400, "400.002.02")
    assert answer.json()["errorMessage"] == f"Bad Request - Invalid {field}"
    assert (await code.account())["instructions"] == []


async def test_one_app_does_not_speak_for_anothers_short_code(world: World) -> None:
    await a_short_code(world)
    stranger = await a_short_code(world, "600333")
    paid = await stranger.pay(PartyA=CODE)
    asked = await stranger.ask(PartyA=CODE, TransactionID="X")
    assert paid.json()["errorMessage"] == asked.json()["errorMessage"] == "Merchant does not exist"


async def test_one_app_has_one_secret(world: World) -> None:
    await a_short_code(world)
    answer = await world.order(
        "daraja/organisations",
        short_code="600444",
        consumer_key=f"key-{CODE}",
        consumer_secret="another",
    )
    assert answer.status_code == 422


async def test_a_wrong_method_is_told_in_darajas_shape(world: World) -> None:
    answer: httpx.Response = await world.http.get("/daraja/mpesa/b2c/v3/paymentrequest")
    assert (answer.status_code, answer.json()["errorCode"]) == (405, "405.001")
