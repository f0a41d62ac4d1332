"""B2C, B2B, status, balance and reversal as Daraja speaks them; the book is the witness."""

import asyncio
from pathlib import Path
from typing import Any

import httpx
import pytest

from simulators.daraja.bands import fee
from simulators.settings import Settings
from tests.simulators.peers import World, a_world
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
    while (await code.balances())["working"] == 0:
        pass
    await code.reverse(receipt)
    told = await code.result()
    await code.reverse(receipt)
    assert (told["ResultCode"], parameters(told)["OriginalTransactionID"]) == (0, receipt)
    assert (await code.result(times=2))["ResultCode"] == "R000001"
    assert (await code.balances())["working"] == 0
    assert (await code.account())["collections"][0]["state"] == "reversed"


async def test_a_restart_keeps_books_references_key_and_what_was_under_way(tmp_path: Path) -> None:
    settings = Settings(speed=0.05, state_dir=tmp_path)
    async with a_world(settings) as world:
        code = await a_short_code(world, working_minor=700)
        pem = await certificate(world)
        await code.pay("K-done")
        await code.result()
        await world.order("daraja/settings", late_after_seconds=600)
        await code.pay("K-open", payee="254700000014")
        before = await code.account()
    async with a_world(settings) as world:
        kept = (await world.book("daraja"))["organisations"][CODE]
        assert await certificate(world) == pem
        assert kept["movements"] == before["movements"]
        assert kept["opening"] == {"working": 700, "utility": 1_000_000, "charges_paid": 0}
        while len((await world.book("daraja"))["organisations"][CODE]["movements"]) < 4:
            pass
        token = await world.http.get(
            "/daraja/oauth/v1/generate?grant_type=client_credentials",
            auth=(f"key-{CODE}", f"secret-{CODE}"),
        )
        again = await world.http.post(
            "/daraja/mpesa/b2c/v3/paymentrequest",
            headers={"Authorization": f"Bearer {token.json()['access_token']}"},
            json={
                "OriginatorConversationID": "K-done",
                "InitiatorName": "partner-api",
                "SecurityCredential": sealed(pem, "x"),
                "CommandID": "BusinessPayment",
                "Amount": "10",
                "PartyA": CODE,
                "PartyB": "254700000000",
                "Remarks": "Again",
                "QueueTimeOutURL": "http://127.0.0.1:9/t",
                "ResultURL": "http://127.0.0.1:9/r",
            },
        )
        assert again.json()["errorMessage"] == "Duplicate OriginatorConversationID."


async def test_a_result_nobody_was_told_is_told_after_a_restart_and_moves_once(
    tmp_path: Path,
) -> None:
    settings = Settings(speed=0.05, state_dir=tmp_path)
    async with a_world(settings) as world:
        code = await a_short_code(world)
        await world.order("daraja/settings", callback_delay_seconds=600)
        elsewhere = "http://127.0.0.1:9/in/result"
        await code.pay(ResultURL=elsewhere)
        while not (await code.account())["movements"]:
            pass
    async with a_world(settings) as world:
        async with asyncio.timeout(5):
            while not await told(world, "/in/result"):
                pass
        kept = (await world.book("daraja"))["organisations"][CODE]
    assert [line["kind"] for line in kept["movements"]] == ["payout", "fee"]
    assert kept["balances"]["utility"] == 900_000


async def told(world: World, path: str) -> bool:
    """Whether Daraja tried to tell anybody there."""
    log = (await world.http.get("/control/daraja/requests")).json()
    return any(line["direction"] == "out" and line["path"] == path for line in log)


async def test_a_reset_forgets_the_short_codes_but_not_the_one_of_the_start(world: World) -> None:
    await a_short_code(world)
    await world.order("daraja/reset")
    assert list((await world.book("daraja"))["organisations"]) == ["600000"]


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
