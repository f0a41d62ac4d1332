"""Status, balance and reversal as Daraja speaks them."""

import asyncio

import pytest

from tests.simulators.peers import World
from tests.simulators.short_code import a_short_code, parameters

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_balances_name_every_account_and_charges_below_zero(world: World) -> None:
    code = await a_short_code(world, charges_paid_minor=-154_000, working_minor=5)
    await code.balance()
    told = parameters(await code.result())["AccountBalance"].split("&")
    assert told == [
        "Working Account|KES|0.05|0.05|0.00|0.00",
        "Float Account|KES|0.00|0.00|0.00|0.00",
        "Utility Account|KES|10000.00|10000.00|0.00|0.00",
        "Charges Paid Account|KES|-1540.00|-1540.00|0.00|0.00",
        "Organization Settlement Account|KES|0.00|0.00|0.00|0.00",
    ]


async def test_a_question_by_reference_or_receipt_answers_with_the_inner_ids(
    world: World,
) -> None:
    code = await a_short_code(world)
    ack = (await code.pay("K-ours")).json()
    receipt = (await code.result())["TransactionID"]
    by_name = (await code.ask(OriginalConversationID="K-ours")).json()
    told = await code.result("/in/asked")
    await code.ask(TransactionID=receipt)
    again = parameters(await code.result("/in/asked", times=2))
    said = parameters(told)
    assert by_name["OriginatorConversationID"] != "K-ours"
    assert told["TransactionID"] == "TAH0000000"
    assert told["OriginatorConversationID"] == by_name["OriginatorConversationID"]
    assert (said["OriginatorConversationID"], said["ConversationID"]) == (
        "K-ours",
        ack["ConversationID"],
    )
    assert (said["TransactionStatus"], said["ReceiptNo"]) == ("Completed", receipt)
    assert said["Amount"] == "1000.00"
    assert again == said


async def test_a_question_about_nothing_is_2033_and_one_that_names_nothing_is_refused(
    world: World,
) -> None:
    code = await a_short_code(world)
    await code.ask(TransactionID="NOTHING123")
    assert (await code.result("/in/asked"))["ResultCode"] == 2033
    nameless = await code.ask()
    assert nameless.json()["errorMessage"] == "Bad Request - Invalid TransactionID"


async def test_a_refused_payout_is_failed_when_asked_about(world: World) -> None:
    code = await a_short_code(world, utility_minor=0)
    await code.pay()
    await code.result()
    await code.ask(OriginalConversationID="K1")
    said = parameters(await code.result("/in/asked"))
    assert said["TransactionStatus"] == "Failed"
    assert "ReceiptNo" not in said


async def test_a_payout_taken_back_is_reversed_once_and_its_fee_stays_paid(world: World) -> None:
    code = await a_short_code(world)
    await code.pay()
    receipt = (await code.result())["TransactionID"]
    first = await world.order("daraja/reverse", receipt=receipt)
    second = await world.order("daraja/reverse", receipt=receipt)
    await code.ask(TransactionID=receipt)
    said = parameters(await code.result("/in/asked"))
    assert (first.status_code, second.status_code) == (200, 422)
    assert said["TransactionStatus"] == "Reversed"
    held = await code.balances()
    assert (held["utility"], held["charges_paid"]) == (1_000_000, -500)
    assert (await code.account())["instructions"][0]["reversed"]


async def test_a_payout_cannot_be_reversed_by_api(world: World) -> None:
    code = await a_short_code(world)
    await code.pay()
    receipt = (await code.result())["TransactionID"]
    await code.reverse(receipt)
    assert (await code.result(times=2))["ResultCode"] == "R000002"


async def test_money_received_is_sent_back_once(world: World) -> None:
    code = await a_short_code(world)
    paid = await world.order(
        "daraja/paybill", short_code=code.code, amount_minor=10_000, bill_ref="L1"
    )
    receipt = paid.json()["receipt"]
    async with asyncio.timeout(30):
        while (await code.balances())["working"] == 0:
            pass
    await code.reverse(receipt)
    told = await code.result()
    await code.reverse(receipt)
    assert (told["ResultCode"], parameters(told)["OriginalTransactionID"]) == (0, receipt)
    assert (await code.result(times=2))["ResultCode"] == "R000001"
    assert (await code.balances())["working"] == 0
    assert (await code.account())["collections"][0]["state"] == "reversed"
