"""MTN MoMo as MTN speaks it, quirks included."""

import uuid
from typing import Any

import pytest

from simulators.settings import Settings
from tests.simulators.peers import World, a_world

pytestmark = pytest.mark.asyncio(loop_scope="session")


def _code(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


async def test_a_token_is_for_one_product(world: World) -> None:
    answer = await world.momo.token()
    world.momo.headers["Ocp-Apim-Subscription-Key"] = "sim-disbursement-key"
    refused = await world.momo.send("GET", "/disbursement/v1_0/account/balance")
    unknown = await world.momo.token(product="disbursement", key="wrong")
    assert answer.json()["token_type"] == "access_token"
    assert answer.json()["expires_in"] == 3600
    assert (refused.status_code, unknown.status_code) == (401, 401)
    assert refused.json()["statusCode"] == 401


async def test_a_wrong_api_key_is_401_login_failed(world: World) -> None:
    answer = await world.momo.token("wrong")
    assert (answer.status_code, answer.json()) == (401, {"error": "login_failed"})


async def test_a_wrong_subscription_key_is_refused_by_the_gateway(world: World) -> None:
    answer = await world.momo.pay(headers={"Ocp-Apim-Subscription-Key": "wrong"})
    assert answer.status_code == 401
    assert "subscription key" in answer.json()["message"]
    assert "code" not in answer.json()


async def test_a_request_to_pay_is_accepted_with_nothing_to_read(world: World) -> None:
    answer = await world.momo.pay()
    assert (answer.status_code, answer.content) == (202, b"")


async def test_status_tells_the_wallets_receipt_once_paid(world: World) -> None:
    reference = str(uuid.uuid4())
    await world.order("momo/settings", approve_after_seconds=4)
    await world.momo.pay(reference=reference)
    pending = (await world.momo.status(reference)).json()
    await world.listener.hear("/in/a")
    paid = (await world.momo.status(reference.upper())).json()
    debit = (await world.book("momo"))["debits"][0]
    assert pending["status"] == "PENDING"
    assert "financialTransactionId" not in pending
    assert paid["status"] == "SUCCESSFUL"
    assert paid["financialTransactionId"] == debit["receipt"]
    assert paid["payer"] == {"partyIdType": "MSISDN", "partyId": "237670000000"}
    assert (debit["reference_id"], debit["external_id"]) == (reference, "ORDER-42")
    assert debit["callback_path"] == "/in/a"


async def test_a_repeated_reference_is_409_whatever_the_amount(world: World) -> None:
    reference = str(uuid.uuid4())
    await world.momo.pay(reference=reference)
    again = await world.momo.pay(reference=reference, amount="999")
    await world.listener.hear("/in/a")
    assert _code(again) == (409, "RESOURCE_ALREADY_EXIST")
    assert (await world.book("momo"))["times"] == {reference: 1}


async def test_an_unknown_reference_is_404(world: World) -> None:
    answer = await world.momo.status(str(uuid.uuid4()))
    assert _code(answer) == (404, "RESOURCE_NOT_FOUND")


@pytest.mark.parametrize("bad", ["", "1", str(uuid.uuid1()), uuid.uuid4().hex])
async def test_a_reference_is_a_uuid_version_4(world: World, bad: str) -> None:
    answer = await world.momo.pay(headers={"X-Reference-Id": bad})
    assert answer.status_code == 400


@pytest.mark.parametrize(
    "changes",
    [
        {"amount": 1000},
        {"amount": "10.5"},
        {"amount": "0"},
        {"amount": "-1"},
        {"payer": None},
        {"payer": {"partyIdType": "MSISDN", "partyId": "+237670000000"}},
        {"payer": {"partyIdType": "EMAIL", "partyId": "237670000000"}},
        {"payerMessage": "it's"},
        {"payeeNote": "café"},
        {"payerMessage": "x" * 161},
    ],
)
async def test_a_malformed_order_is_400(world: World, changes: dict[str, Any]) -> None:
    answer = await world.momo.pay(**changes)
    assert answer.status_code == 400
    assert (await world.book("momo"))["accepted"] == 0


async def test_another_currency_is_a_500_that_means_configuration(world: World) -> None:
    assert _code(await world.momo.pay(currency="EUR")) == (500, "INVALID_CURRENCY")


async def test_another_environment_is_a_500_that_means_configuration(world: World) -> None:
    answer = await world.momo.pay(headers={"X-Target-Environment": "sandbox"})
    assert _code(answer) == (500, "NOT_ALLOWED_TARGET_ENVIRONMENT")


async def test_an_empty_callback_header_is_400_and_a_missing_one_is_fine(world: World) -> None:
    empty = await world.momo.pay(headers={"X-Callback-Url": ""})
    missing = await world.momo.pay(headers={"X-Callback-Url": "absent"})
    assert (empty.status_code, missing.status_code) == (400, 202)


async def test_callbacks_come_by_put_and_by_post(world: World) -> None:
    for path in ("/in/a", "/in/b"):
        await world.momo.pay(path=path)
        await world.listener.hear(path)
    assert [heard.method for heard in world.listener.heard] == ["PUT", "POST"]


@pytest.mark.parametrize(
    ("shape", "reason"),
    [
        ("string", "PAYER_NOT_FOUND"),
        ("object", {"code": "PAYER_NOT_FOUND", "message": "Payer does not exist."}),
        ("missing", None),
    ],
)
async def test_a_reason_has_three_shapes(world: World, shape: str, reason: Any) -> None:
    await world.order("momo/settings", reason_as=shape)
    await world.momo.pay("237670000007")
    body = (await world.listener.hear("/in/a"))[0].body
    assert body["status"] == "FAILED"
    assert body.get("reason") == reason


@pytest.mark.parametrize(("shape", "amount"), [("string", "1000"), ("number", 1000)])
async def test_an_amount_has_two_shapes(world: World, shape: str, amount: Any) -> None:
    await world.order("momo/settings", amount_as=shape)
    await world.momo.pay()
    assert (await world.listener.hear("/in/a"))[0].body["amount"] == amount


async def test_every_second_payment_has_a_null_transaction_id_until_it_is_paid(
    world: World,
) -> None:
    references = [str(uuid.uuid4()), str(uuid.uuid4())]
    for reference in references:
        await world.momo.pay("237670000009", reference=reference)
    bodies = [(await world.momo.status(reference)).json() for reference in references]
    assert "financialTransactionId" not in bodies[0]
    assert bodies[1]["financialTransactionId"] is None


async def test_an_api_user_of_ones_own_takes_callbacks_on_its_own_host_only(world: World) -> None:
    user = str(uuid.uuid4())
    made = await world.momo.send(
        "POST",
        "/v1_0/apiuser",
        headers={"X-Reference-Id": user},
        json={"providerCallbackHost": "pay.example"},
    )
    shown = await world.momo.send("GET", f"/v1_0/apiuser/{user}")
    key = await world.momo.send("POST", f"/v1_0/apiuser/{user}/apikey")
    world.momo.user = user
    await world.momo.token(key.json()["apiKey"])
    refused = await world.momo.pay()
    taken = await world.momo.pay(headers={"X-Callback-Url": "https://pay.example/in/a"})
    assert (made.status_code, key.status_code) == (201, 201)
    assert shown.json() == {
        "providerCallbackHost": "pay.example",
        "targetEnvironment": "mtncameroon",
    }
    assert _code(refused) == (500, "INVALID_CALLBACK_URL_HOST")
    assert taken.status_code == 202


async def test_an_api_user_nobody_made_is_404(world: World) -> None:
    answer = await world.momo.send("GET", f"/v1_0/apiuser/{uuid.uuid4()}")
    assert _code(answer) == (404, "RESOURCE_NOT_FOUND")


async def test_the_balance_is_what_was_collected_as_text(world: World) -> None:
    await world.momo.pay()
    await world.listener.hear("/in/a")
    answer = await world.momo.send("GET", "/collection/v1_0/account/balance")
    assert answer.json() == {"availableBalance": "1000", "currency": "XAF"}


async def _holder(world: World, number: str, what: str) -> Any:
    return await world.momo.send("GET", f"/collection/v1_0/accountholder/msisdn/{number}/{what}")


async def test_an_account_holder_is_active_and_has_a_name(world: World) -> None:
    active = await _holder(world, "237670000000", "active")
    gone = await _holder(world, "237670000007", "active")
    person = await _holder(world, "237670000000", "basicuserinfo")
    assert (active.json(), gone.json()) == ({"result": True}, {"result": False})
    assert {"sub", "name", "given_name", "family_name", "birthdate"} <= set(person.json())


@pytest.mark.parametrize(
    ("suffix", "expected"),
    [
        ("450", (404, "RESOURCE_NOT_FOUND")),
        ("452", (500, "NOT_ALLOWED")),
        ("453", (500, "NOT_ALLOWED_TARGET_ENVIRONMENT")),
        ("454", (500, "INTERNAL_PROCESSING_ERROR")),
        ("455", (503, "SERVICE_UNAVAILABLE")),
    ],
)
async def test_sandbox_numbers_of_the_account_holder_check(
    world: World, suffix: str, expected: tuple[int, str]
) -> None:
    assert _code(await _holder(world, f"46733123{suffix}", "active")) == expected


async def test_sandbox_number_451_is_not_active(world: World) -> None:
    assert (await _holder(world, "46733123451", "active")).json() == {"result": False}


@pytest.mark.parametrize(
    ("suffix", "reason"),
    [
        ("450", None),
        ("451", "APPROVAL_REJECTED"),
        ("452", "EXPIRED"),
        ("455", "PAYER_NOT_FOUND"),
        ("456", "PAYEE_NOT_ALLOWED_TO_RECEIVE"),
        ("457", "NOT_ALLOWED"),
        ("461", "INTERNAL_PROCESSING_ERROR"),
        ("462", "SERVICE_UNAVAILABLE"),
        ("463", "COULD_NOT_PERFORM_TRANSACTION"),
        ("464", "TRANSFER_TYPE_UNKNOWN"),
    ],
)
async def test_sandbox_numbers_that_fail(world: World, suffix: str, reason: str | None) -> None:
    await world.order("momo/settings", reason_as="string")
    await world.momo.pay(f"46733123{suffix}")
    body = (await world.listener.hear("/in/a"))[0].body
    assert (body["status"], body.get("reason")) == ("FAILED", reason)


@pytest.mark.parametrize(
    ("suffix", "code"),
    [
        ("458", "NOT_ALLOWED_TARGET_ENVIRONMENT"),
        ("459", "INVALID_CALLBACK_URL_HOST"),
        ("460", "INVALID_CURRENCY"),
    ],
)
async def test_sandbox_numbers_refused_at_once(world: World, suffix: str, code: str) -> None:
    assert _code(await world.momo.pay(f"46733123{suffix}")) == (500, code)


async def test_sandbox_number_453_stays_pending_and_454_pays_late(world: World) -> None:
    ongoing, delayed = str(uuid.uuid4()), str(uuid.uuid4())
    await world.momo.pay("46733123453", reference=ongoing, path="/in/ongoing")
    await world.momo.pay("46733123454", reference=delayed, path="/in/delayed")
    early = (await world.momo.status(delayed)).json()["status"]
    late = (await world.listener.hear("/in/delayed"))[0].body["status"]
    assert (early, late) == ("PENDING", "SUCCESSFUL")
    assert (await world.momo.status(ongoing)).json()["status"] == "PENDING"
    assert world.listener.on("/in/ongoing") == []


async def test_the_sandbox_environment_takes_euros_only() -> None:
    async with a_world(Settings(speed=0.05, momo_target_environment="sandbox")) as world:
        world.momo.headers["X-Target-Environment"] = "sandbox"
        francs = await world.momo.pay()
        euros = await world.momo.pay(currency="EUR", amount="10.50")
        await world.listener.hear("/in/a")
        assert _code(francs) == (500, "INVALID_CURRENCY")
        assert euros.status_code == 202
        assert (await world.book("momo"))["totals"] == {"EUR": 1050}
