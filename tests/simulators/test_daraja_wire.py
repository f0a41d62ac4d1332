"""Daraja as Safaricom speaks it, quirks included."""

from typing import Any

import pytest

from tests.simulators.peers import World, password

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_a_token_lives_for_a_number_of_seconds_written_as_text(world: World) -> None:
    answer = await world.daraja.token()
    assert answer.json()["expires_in"] == "3599"


async def test_a_wrong_secret_is_a_400_without_a_body(world: World) -> None:
    answer = await world.daraja.token("wrong")
    assert (answer.status_code, answer.content) == (400, b"")


async def test_a_push_is_acknowledged_as_queued(world: World) -> None:
    ack = (await world.daraja.push()).json()
    assert ack["CheckoutRequestID"].startswith("ws_CO_")
    assert ack["ResponseCode"] == "0"
    assert set(ack) == {
        "MerchantRequestID",
        "CheckoutRequestID",
        "ResponseCode",
        "ResponseDescription",
        "CustomerMessage",
    }


async def test_the_callback_of_a_payment_carries_the_receipt(world: World) -> None:
    ack = (await world.daraja.push(Amount=1)).json()
    heard = (await world.listener.hear("/in/a"))[0]
    items = {item["Name"]: item for item in heard.stk["CallbackMetadata"]["Item"]}
    debit = (await world.book("daraja"))["debits"][0]
    assert heard.method == "POST"
    assert heard.stk["ResultCode"] == 0
    assert heard.stk["CheckoutRequestID"] == ack["CheckoutRequestID"]
    assert items["MpesaReceiptNumber"]["Value"] == debit["receipt"]
    assert b'"Amount","Value":1.0' in heard.raw.replace(b" ", b"")
    assert items["Balance"] == {"Name": "Balance"}
    assert items["PhoneNumber"]["Value"] == 254700000000
    assert len(str(items["TransactionDate"]["Value"])) == 14


async def test_a_failure_carries_no_metadata(world: World) -> None:
    await world.daraja.push("254700000001")
    heard = (await world.listener.hear("/in/a"))[0]
    assert heard.stk["ResultCode"] == 1032
    assert "CallbackMetadata" not in heard.stk


async def test_a_question_while_the_prompt_is_out_is_an_http_500(world: World) -> None:
    key = (await world.daraja.push("254700000009")).json()["CheckoutRequestID"]
    answer = await world.daraja.query(key)
    said = answer.json()
    assert (answer.status_code, said["errorCode"]) == (500, "500.001.1001")
    assert said["errorMessage"] == "The transaction is being processed"


async def test_a_question_after_the_end_is_answered_with_text_and_no_receipt(world: World) -> None:
    key = (await world.daraja.push()).json()["CheckoutRequestID"]
    await world.listener.hear("/in/a")
    said = (await world.daraja.query(key)).json()
    assert said["ResultCode"] == "0"
    assert said["CheckoutRequestID"] == key
    assert "MpesaReceiptNumber" not in str(said)


async def test_a_question_about_nothing_known_is_refused(world: World) -> None:
    answer = await world.daraja.query("ws_CO_nothing")
    assert (answer.status_code, answer.json()["errorCode"]) == (400, "400.002.02")


async def test_a_repeated_push_rings_twice_and_charges_twice(world: World) -> None:
    await world.daraja.push()
    await world.daraja.push()
    await world.listener.hear("/in/a", times=2)
    book = await world.book("daraja")
    assert book["prompts"] == {"254700000000": 2}
    assert book["times"] == {"ORDER42": 2}
    assert book["totals"] == {"KES": 2000}


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("Amount", "1.5"),
        ("Amount", 1.5),
        ("Amount", "0"),
        ("Amount", True),
        ("Amount", None),
        ("PhoneNumber", "0700000000"),
        ("PhoneNumber", "+254700000000"),
        ("PartyA", "254700000001"),
        ("PartyB", "x"),
        ("TransactionType", "Pay"),
        ("AccountReference", ""),
        ("TransactionDesc", None),
        ("Timestamp", "2026-11-21"),
        ("CallBackURL", "not an address"),
    ],
)
async def test_a_wrong_field_is_named(world: World, field: str, value: Any) -> None:
    answer = await world.daraja.push(**{field: value})
    assert (answer.status_code, answer.json()["errorCode"]) == (400, "400.002.02")
    assert answer.json()["errorMessage"] == f"Bad Request - Invalid {field}"


@pytest.mark.parametrize(
    "word", ["mpesa", "safaricom", "exe", "exec", "cmd", "sql", "query", "MPESA"]
)
async def test_callback_addresses_may_not_hold_certain_words(world: World, word: str) -> None:
    answer = await world.daraja.push(path=f"/in/{word}/1")
    assert answer.json()["errorMessage"] == "Bad Request - Invalid CallBackURL"
    assert (await world.book("daraja"))["accepted"] == 0


async def test_a_wrong_password_is_told_by_message_only(world: World) -> None:
    answer = await world.daraja.push(Password=password("wrong"))
    assert (answer.status_code, answer.json()["errorCode"]) == (500, "500.001.1001")
    assert "Wrong credentials" in answer.json()["errorMessage"]


async def test_an_unknown_short_code_is_no_merchant(world: World) -> None:
    answer = await world.daraja.push(BusinessShortCode="1")
    assert answer.json()["errorMessage"] == "Merchant does not exist"


async def test_an_unknown_token_is_404_001_03(world: World) -> None:
    world.daraja.bearer = "stale"
    answer = await world.daraja.push()
    assert (answer.status_code, answer.json()["errorCode"]) == (404, "404.001.03")


async def test_over_long_text_surfaces_as_result_1025(world: World) -> None:
    await world.daraja.push(AccountReference="A" * 13)
    heard = (await world.listener.hear("/in/a"))[0]
    assert heard.stk["ResultCode"] == 1025


async def test_a_body_that_is_not_an_object_is_refused(world: World) -> None:
    answer = await world.daraja.post("/daraja/mpesa/stkpush/v1/processrequest", [1])
    assert answer.json()["errorMessage"] == "Bad Request - Invalid Payload"


async def test_a_wrong_path_and_a_wrong_method_are_told_in_darajas_shape(world: World) -> None:
    nowhere = await world.daraja.post("/daraja/mpesa/nowhere", {})
    wrong = await world.http.get("/daraja/mpesa/stkpush/v1/processrequest")
    assert (nowhere.status_code, nowhere.json()["errorCode"]) == (404, "404.003.01")
    assert (wrong.status_code, wrong.json()["errorCode"]) == (405, "405.001")
