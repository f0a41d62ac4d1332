"""The collection till: prompts, questions, and a token asked for in two ways."""

import json
from collections.abc import AsyncIterator
from contextlib import aclosing
from dataclasses import replace

import httpx
import pytest
import pytest_asyncio

from models.charge import Charge
from models.ids import account_reference
from models.money import Money
from models.reading import Reason, Verdict
from providers.ncba.till import PROMPT, TOKEN, NcbaTill, TillKeys
from providers.ncba.till_answers import read_prompt, read_query
from simulators.settings import Settings
from tests.providers.sheets import mpesa
from tests.simulators.bank_peer import until
from tests.simulators.peers import World, a_world

pytestmark = pytest.mark.asyncio(loop_scope="module")

P, S, R, U = Verdict.PENDING, Verdict.SETTLED, Verdict.REFUSED, Verdict.UNKNOWN
CHARGE: Charge = replace(
    mpesa.SHEET.charge, payer="254712000001", amount=Money(10_000, "KES"), provider_reference=None
)
QUEUED = {"TransactionID": "77", "StatusCode": "0", "StatusDescription": "Success"}


def keys(base_url: str) -> TillKeys:
    return TillKeys(
        base_url=base_url, user="sim-till-user", password="sim-till-password", account="7744510018"
    )


def a_till(*answers: httpx.Response) -> tuple[NcbaTill, list[httpx.Request]]:
    sent: list[httpx.Request] = []
    left = list(answers)

    def play(request: httpx.Request) -> httpx.Response:
        sent.append(request)
        return left.pop(0)

    return NcbaTill(keys("https://till.test"), transport=httpx.MockTransport(play)), sent


TOKEN_ANSWER = {"access_token": "t1", "token_type": "Bearer", "expires_in": 18000, "status": 200}


@pytest.mark.parametrize("refused", [404, 405])
async def test_a_token_that_cannot_be_got_is_posted_for(refused: int) -> None:
    till, sent = a_till(
        httpx.Response(refused),
        httpx.Response(200, json=TOKEN_ANSWER),
        httpx.Response(200, json=QUEUED),
    )
    assert (await till.prompt(CHARGE)).verdict is P
    assert [(one.method, one.url.path) for one in sent] == [
        ("GET", TOKEN),
        ("POST", TOKEN),
        ("POST", PROMPT),
    ]


async def test_a_prompt_names_account_and_reference() -> None:
    till, sent = a_till(httpx.Response(200, json=TOKEN_ANSWER), httpx.Response(200, json=QUEUED))
    reading = await till.prompt(CHARGE)
    assert json.loads(sent[1].content) == {
        "TelephoneNo": "254712000001",
        "Amount": "100",
        "PayBillNo": "880100",
        "AccountNo": f"7744510018#{account_reference(CHARGE.attempt_id)}",
        "Network": "Safaricom",
        "TransactionType": "CustomerPayBillOnline",
    }
    assert (reading.verdict, reading.provider_reference) == (P, "77")


@pytest.mark.parametrize(
    "charge",
    [replace(CHARGE, amount=Money(10_050, "KES")), replace(CHARGE, amount=Money(0, "KES")),
     replace(CHARGE, amount=Money(1, "XAF")), replace(CHARGE, payer="0712000001")],
)  # fmt: skip
async def test_what_the_till_cannot_carry_is_refused_unsent(charge: Charge) -> None:
    till, sent = a_till()
    assert (await till.prompt(charge)).reason is Reason.BAD_REQUEST
    assert sent == []


async def test_wrong_credentials_are_refused_and_no_phone_rings() -> None:
    till, sent = a_till(httpx.Response(401, json={"message": "Invalid API credentials"}))
    reading = await till.prompt(CHARGE)
    assert (reading.verdict, reading.reason, reading.retryable) == (R, Reason.CREDENTIALS, False)
    assert len(sent) == 1


async def test_without_a_handle_there_is_nothing_to_ask_with() -> None:
    till, sent = a_till()
    assert (await till.inquire(CHARGE)).reason is Reason.NOTHING_TO_ASK_WITH
    assert sent == []


@pytest.mark.parametrize(
    ("body", "status", "verdict"),
    [
        (QUEUED, 200, P),
        ({**QUEUED, "StatusCode": 0}, 200, P),
        ({**QUEUED, "StatusCode": "1", "TransactionID": None, "StatusDescription": "No"}, 200, R),
        ({**QUEUED, "TransactionID": None}, 200, U),
        ({"StatusDescription": "Success"}, 200, U),
        (QUEUED, 500, U),
        ({"message": "slow down"}, 429, R),
    ],
)
async def test_a_prompts_answer(body: object, status: int, verdict: Verdict) -> None:
    assert read_prompt(json.dumps(body).encode(), status).verdict is verdict


@pytest.mark.parametrize(
    ("body", "status", "verdict", "reason"),
    [
        ({"status": "SUCCESS", "description": "Success"}, 200, S, None),
        ({"status": "FAILED", "description": "System internal error."}, 200, U, Reason.DECLINED),
        ({"status": "LATER"}, 200, U, Reason.PROVIDER_ERROR),
        ({"status": "SUCCESS"}, 500, U, Reason.PROVIDER_ERROR),
        ({"status": "401", "message": "Invalid API credentials"}, 401, U, Reason.CREDENTIALS),
        ({}, 200, U, Reason.UNREADABLE),
    ],
)
async def test_a_questions_answer(
    body: object, status: int, verdict: Verdict, reason: Reason | None
) -> None:
    reading = read_query(json.dumps(body).encode(), status)
    assert (reading.verdict, reading.reason, reading.retryable) == (verdict, reason, False)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def world() -> AsyncIterator[World]:
    async with a_world(Settings(speed=0.05)) as opened:
        yield opened


@pytest.mark.parametrize(("phone", "collected"), [("254712000001", True), ("254700000001", False)])
async def test_a_prompt_is_paid_or_not_and_the_account_shows_it(
    world: World, phone: str, collected: bool
) -> None:
    await world.order("ncba/reset")
    async with aclosing(NcbaTill(keys(f"{world.base}/ncba"))) as till:
        asked = await till.prompt(replace(CHARGE, payer=phone))
        charge = replace(CHARGE, provider_reference=asked.provider_reference)
        early = await till.inquire(charge)
        await until(lambda: nothing_pending(world))
        late = await till.inquire(charge)
    credited = [line["minor"] for line in (await world.book("ncba"))["lines"]]
    assert (asked.verdict, early.verdict) == (P, U)
    assert late.verdict is (S if collected else U)
    assert credited == ([10_000] if collected else [])


async def nothing_pending(world: World) -> bool:
    return not (await world.book("ncba"))["pending"]
