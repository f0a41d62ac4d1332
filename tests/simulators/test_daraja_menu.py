"""Pay bill payments: registration, validation, confirmation; the book is the witness."""

import asyncio
from pathlib import Path
from typing import Any

import pytest

from simulators.settings import Settings
from tests.simulators.peers import World, a_world, password
from tests.simulators.short_code import ShortCode, a_short_code

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def paid(code: ShortCode, **changes: Any) -> str:
    """The receipt of a customer's payment of 150 shillings."""
    order = {"short_code": code.code, "amount_minor": 15_000, "bill_ref": "LN 42"}
    answer = await code.world.order("daraja/paybill", **{**order, **changes})
    receipt: str = answer.json()["receipt"]
    return receipt


async def ended(code: ShortCode) -> dict[str, Any]:
    """The first collection, once it is decided."""
    async with asyncio.timeout(30):
        while True:
            line: dict[str, Any] = (await code.account())["collections"][0]
            if line["state"] != "offered":
                return line


async def test_a_registration_is_answered_with_their_misspelling(world: World) -> None:
    code = await a_short_code(world)
    answer = (await code.register()).json()
    assert set(answer) == {"OriginatorCoversationID", "ResponseCode", "ResponseDescription"}
    assert (await code.account())["registered"]


async def test_in_production_the_first_registration_stands(world: World) -> None:
    code = await a_short_code(world, production=True)
    urls = {"ConfirmationURL": "https://pay.example/c", "ValidationURL": "https://pay.example/v"}
    plain = await code.register()
    first, second = await code.register(**urls), await code.register(**urls)
    assert plain.json()["errorMessage"] == "Bad Request - Invalid ConfirmationURL"
    assert first.status_code == 200
    assert (second.status_code, second.json()["errorCode"]) == (500, "500.003.1001")
    assert second.json()["errorMessage"] == "Urls are already registered"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"ResponseType": "completed"}, "ResponseType"),
        ({"ConfirmationURL": "https://x.example/mpesa"}, "ConfirmationURL"),
        ({"ValidationURL": None}, "ValidationURL"),
    ],
)
async def test_a_wrong_field_of_a_registration_is_named(
    world: World, changes: dict[str, Any], field: str
) -> None:
    code = await a_short_code(world)
    answer = await code.register(**changes)
    assert answer.json()["errorMessage"] == f"Bad Request - Invalid {field}"
    assert not (await code.account())["registered"]


async def test_a_payment_is_confirmed_with_text_only_and_a_masked_phone(world: World) -> None:
    code = await a_short_code(world)
    await code.register()
    receipt = await paid(code, last_name="DOE")
    (heard,) = await world.listener.hear("/in/confirmed")
    body = heard.body
    stamp = body.pop("TransTime")
    assert (len(stamp), stamp.isdigit()) == (14, True)
    assert body == {
        "TransactionType": "Pay Bill",
        "TransID": receipt,
        "TransAmount": "150.00",
        "BusinessShortCode": code.code,
        "BillRefNumber": "LN 42",
        "InvoiceNumber": "",
        "OrgAccountBalance": "150.00",
        "ThirdPartyTransID": "",
        "MSISDN": "2547 ***** 000",
        "FirstName": "JANE",
        "LastName": "DOE",
    }
    assert (await code.balances())["working"] == 15_000
    assert world.listener.on("/in/asked-first") == []


async def test_without_a_registration_money_moves_and_nobody_is_told(world: World) -> None:
    code = await a_short_code(world)
    await paid(code)
    line = await ended(code)
    assert (line["state"], line["validation"]) == ("completed", "not asked")
    assert world.listener.heard == []


async def validated(world: World, answer: bytes, **settings: Any) -> dict[str, Any]:
    """How a payment ends when the question before it is answered so."""
    code = await a_short_code(world, validates=True)
    await code.register(**settings)
    world.listener.answers["/in/asked-first"] = answer
    await paid(code)
    return await ended(code)


@pytest.mark.parametrize("answer", [b'{"ResultCode":"0"}', b'{"ResultCode":0}'])
async def test_an_accepted_payment_goes_through(world: World, answer: bytes) -> None:
    line = await validated(world, answer)
    (asked,) = world.listener.on("/in/asked-first")
    (told,) = await world.listener.hear("/in/confirmed")
    assert (line["state"], line["validation"]) == ("completed", "0")
    assert asked.body["OrgAccountBalance"] == ""
    assert asked.body["TransID"] == told.body["TransID"]


async def test_our_id_for_a_payment_comes_back_in_its_confirmation(world: World) -> None:
    await validated(world, b'{"ResultCode":"0","ThirdPartyTransID":"c2b-7"}')
    (told,) = await world.listener.hear("/in/confirmed")
    assert told.body["ThirdPartyTransID"] == "c2b-7"


async def test_a_rejected_payment_moves_nothing(world: World) -> None:
    line = await validated(world, b'{"ResultCode":"C2B00012","ResultDesc":"Rejected"}')
    assert (line["state"], line["validation"]) == ("cancelled", "C2B00012")
    book = (await world.book("daraja"))["organisations"]["600222"]
    assert book["movements"] == []
    assert world.listener.on("/in/confirmed") == []


@pytest.mark.parametrize(
    ("unanswered", "state"), [("Completed", "completed"), ("Cancelled", "cancelled")]
)
@pytest.mark.parametrize("answer", [b"<html>", b"[]", b'{"ResultCode":"7"}'])
async def test_an_answer_nobody_can_read_leaves_it_to_the_response_type(
    world: World, answer: bytes, unanswered: str, state: str
) -> None:
    line = await validated(world, answer, ResponseType=unanswered)
    assert (line["state"], line["validation"]) == (state, "unanswered")


async def test_an_answer_that_comes_too_late_counts_as_none(world: World) -> None:
    code = await a_short_code(world, validates=True)
    await code.register(ResponseType="Cancelled")
    await world.order("daraja/settings", validation_seconds=0)
    world.listener.answers["/in/asked-first"] = b'{"ResultCode":"0"}'
    await paid(code)
    assert (await ended(code))["state"] == "cancelled"


async def test_confirmations_are_doubled_lost_or_forged(world: World) -> None:
    code = await a_short_code(world)
    await code.register()
    await world.order("daraja/faults", fault="duplicate_callback", operation="c2b")
    await paid(code)
    first, second = await world.listener.hear("/in/confirmed", 2)
    await world.order("daraja/faults", fault="no_callback", operation="c2b")
    lost = await paid(code)
    await world.order("daraja/faults", fault="forged_callback", operation="c2b")
    forged = await paid(code)
    told = (await world.listener.hear("/in/confirmed", 3))[-1]
    assert first.raw == second.raw
    assert told.body["TransID"] == forged
    async with asyncio.timeout(30):
        while (await code.account())["collections"][-1]["state"] == "offered":
            pass
    states = {one["receipt"]: one["state"] for one in (await code.account())["collections"]}
    assert (states[lost], states[forged]) == ("completed", "cancelled")
    assert (await code.balances())["working"] == 30_000


async def push(code: ShortCode) -> None:
    client = code.world.daraja
    client.bearer = code.bearer
    await client.push(
        BusinessShortCode=code.code, PartyB=code.code, Password=password(short_code=code.code)
    )


async def test_an_stk_push_of_a_partner_is_told_twice_but_moves_once(world: World) -> None:
    code = await a_short_code(world, tells_stk=True)
    await code.register()
    await push(code)
    (told,) = await world.listener.hear("/in/confirmed")
    (called,) = await world.listener.hear("/in/a")
    items = {item["Name"]: item.get("Value") for item in called.stk["CallbackMetadata"]["Item"]}
    assert told.body["TransID"] == items["MpesaReceiptNumber"]
    assert told.body["BillRefNumber"] == "ORDER42"
    (line,) = (await code.account())["movements"]
    assert (line["kind"], line["amount_minor"]) == ("stk", 1_000)
    assert len((await world.book("daraja"))["debits"]) == 1


async def test_an_stk_push_for_anothers_short_code_is_refused(world: World) -> None:
    code = await a_short_code(world)
    answer = await world.daraja.push(
        BusinessShortCode=code.code, Password=password(short_code=code.code)
    )
    assert answer.json()["errorMessage"] == "Merchant does not exist"


async def test_a_payment_under_way_goes_on_after_a_restart(tmp_path: Path) -> None:
    settings = Settings(speed=0.05, state_dir=tmp_path)
    async with a_world(settings) as world:
        code = await a_short_code(world)
        await code.register()
        await world.order("daraja/settings", late_after_seconds=600)
        receipt = await paid(code, payer="254700000014")
    async with a_world(settings) as world:
        async with asyncio.timeout(30):
            while not (await world.book("daraja"))["organisations"][code.code]["movements"]:
                pass
        kept = (await world.book("daraja"))["organisations"][code.code]
    assert kept["registered"]
    assert [line["receipt"] for line in kept["movements"]] == [receipt]
    assert kept["balances"]["working"] == 15_000


async def test_money_is_put_on_any_account_of_a_known_short_code(world: World) -> None:
    code = await a_short_code(world)
    await world.order("daraja/credit", short_code=code.code, amount_minor=500, account="working")
    nobody = await world.order("daraja/credit", short_code="699999", amount_minor=500)
    unpaid = await world.order(
        "daraja/paybill", short_code="699999", amount_minor=500, bill_ref="x"
    )
    assert (await code.balances())["working"] == 500
    assert (nobody.status_code, unpaid.status_code) == (404, 404)
