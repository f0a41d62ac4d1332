"""The card gateway as it speaks, quirks included."""

from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from simulators.book import Payment
from simulators.cards.book import CardBook, Refund
from simulators.faults import Outcome
from tests.simulators.cards_peer import BASE, CardsPeer, a_checkout
from tests.simulators.peers import Heard, World

pytestmark = pytest.mark.asyncio(loop_scope="session")


@pytest_asyncio.fixture(loop_scope="session")
async def gateway(world: World) -> CardsPeer:
    """The gateway, told to call the listener."""
    await world.order("cards/webhook", url=f"{world.listener_url}/in/c")
    return CardsPeer(world)


def kinds(heard: list[Heard]) -> list[tuple[str, str]]:
    return [(one.body["transaction"]["type"], one.body["result"]) for one in heard]


async def test_a_session_has_a_page_and_no_order_before_a_card_was_submitted(
    world: World, gateway: CardsPeer
) -> None:
    session = await gateway.opened("09")
    page = await world.http.get(f"/cards/checkout/pay/{session['session']['id']}")
    missing = await gateway.call("GET", "/order/ORDER-1")
    assert (session["result"], session["session"]["updateStatus"]) == ("SUCCESS", "SUCCESS")
    assert "KES 700009.00" in page.text
    assert missing.status_code == 400
    assert missing.json()["error"]["explanation"].startswith("Unable to find order")


async def test_a_payment_is_told_after_its_authentication_and_amounts_are_numbers(
    world: World, gateway: CardsPeer
) -> None:
    await gateway.opened()
    heard = await world.listener.hear("/in/c", 2)
    assert kinds(heard) == [("AUTHENTICATION", "SUCCESS"), ("PAYMENT", "SUCCESS")]
    assert heard[1].headers["x-notification-secret"] == "sim-cards-notification"
    order = await gateway.order()
    (debit,) = (await world.book("cards"))["debits"]
    assert (order["status"], order["totalCapturedAmount"]) == ("CAPTURED", 700_000.0)
    assert order["transaction"][0]["transaction"]["receipt"] == debit["receipt"]
    assert (debit["our_reference"], debit["amount_minor"]) == ("ORDER-1", 70_000_000)


@pytest.mark.parametrize(
    ("suffix", "code"),
    [("01", "DECLINED"), ("03", "INSUFFICIENT_FUNDS"), ("06", "TIMED_OUT"), ("08", "BLOCKED")],
)
async def test_a_decline_is_told_with_200(
    world: World, gateway: CardsPeer, suffix: str, code: str
) -> None:
    await gateway.opened(suffix)
    told = (await world.listener.hear("/in/c", 2))[1].body
    answer = await gateway.call("GET", "/order/ORDER-1")
    assert (told["result"], told["response"]["gatewayCode"]) == ("FAILURE", code)
    assert (answer.status_code, answer.json()["status"]) == (200, "FAILED")
    assert (await world.book("cards"))["debits"] == []


async def test_the_payer_declines_tries_again_and_is_sent_back(
    world: World, gateway: CardsPeer
) -> None:
    session = await gateway.opened("09")
    abandoned = await gateway.choose(session, "abandon")
    declined = await gateway.choose(session, "decline")
    failed = (await gateway.order())["status"]
    approved = await gateway.choose(session, "approve")
    again = await gateway.choose(session, "approve")
    back = f"https://shop.example/ok?resultIndicator={session['successIndicator']}"
    assert abandoned.headers["location"] == "https://shop.example/no"
    assert ("try again" in declined.text, failed) == (True, "FAILED")
    assert (approved.headers["location"], again.headers["location"]) == (back, back)
    assert (await gateway.order())["status"] == "CAPTURED"
    assert len((await world.book("cards"))["debits"]) == 1


async def test_a_second_session_of_a_paid_order_may_be_paid_too(
    world: World, gateway: CardsPeer
) -> None:
    await gateway.opened()
    await world.listener.hear("/in/c", 2)
    second = await gateway.opened()
    await gateway.choose(second, "approve")
    order = await gateway.order()
    assert (order["amount"], order["totalCapturedAmount"]) == (700_000.0, 1_400_000.0)
    assert [one["transaction"]["id"] for one in order["transaction"]] == ["1", "2"]
    assert (await world.book("cards"))["times"] == {"ORDER-1": 2}


@pytest.mark.parametrize("suffix", ["14", "26"])
async def test_a_session_made_again_takes_the_place_of_the_first(
    world: World, gateway: CardsPeer, suffix: str
) -> None:
    first = await gateway.call("POST", "/session", a_checkout(suffix))
    await gateway.opened(suffix)
    await world.listener.hear("/in/c", 2)
    assert first.status_code == (500 if suffix == "26" else 201)
    assert (await gateway.order())["status"] == "CAPTURED"
    assert (await world.book("cards"))["times"] == {"ORDER-1": 1}


@pytest.mark.parametrize(("proof", "sent"), [("wrong", "0" * 32), ("none", None)])
async def test_a_notification_may_prove_nothing(
    world: World, gateway: CardsPeer, proof: str, sent: str | None
) -> None:
    await world.order("cards/settings", notification_proof=proof)
    await gateway.opened()
    heard = await world.listener.hear("/in/c")
    assert heard[0].headers.get("x-notification-secret") == sent


async def test_an_authentication_may_come_after_the_payment(
    world: World, gateway: CardsPeer
) -> None:
    await gateway.opened("12")
    heard = await world.listener.hear("/in/c", 3)
    assert [kind for kind, _ in kinds(heard)] == ["AUTHENTICATION", "PAYMENT", "AUTHENTICATION"]


async def test_refunds_come_in_parts_and_once_per_id(world: World, gateway: CardsPeer) -> None:
    await gateway.opened()
    await world.listener.hear("/in/c", 2)
    first, again = await gateway.refund("500.00"), await gateway.refund("500.00")
    partly = await gateway.order()
    too_much = await gateway.refund("699500.01", "refund-2")
    rest = await gateway.refund("699500.00", "refund-3")
    shown = await gateway.call("GET", "/order/ORDER-1/transaction/refund-1")
    none = await gateway.call("GET", "/order/ORDER-1/transaction/refund-2")
    assert (first.status_code, first.json()) == (201, again.json())
    assert (partly["status"], partly["totalRefundedAmount"]) == ("PARTIALLY_REFUNDED", 500.0)
    assert too_much.json()["error"]["cause"] == "INVALID_REQUEST"
    assert rest.json()["result"] == "SUCCESS"
    assert shown.json()["transaction"]["type"] == "REFUND"
    assert none.json()["error"]["explanation"].startswith("Unable to find transaction")
    assert (await gateway.order())["status"] == "REFUNDED"


async def test_a_refund_whose_answer_is_lost_was_done(world: World, gateway: CardsPeer) -> None:
    await gateway.opened()
    await world.listener.hear("/in/c", 2)
    await world.order("cards/faults", fault="error_after_accept", operation="refund")
    lost = await gateway.refund("500.00")
    shown = await gateway.call("GET", "/order/ORDER-1/transaction/refund-1")
    assert (lost.status_code, lost.json()["error"]["cause"]) == (500, "SERVER_FAILED")
    assert shown.json()["result"] == "SUCCESS"
    assert len((await world.book("cards"))["refunds"]) == 1


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"amount": 1500.0}, "amount"),
        ({"amount": "1500.5"}, "amount"),
        ({"amount": "0.00"}, "amount"),
        ({"currency": "XAF"}, "currency"),
        ({"id": "x" * 41}, "order.id"),
        ({"notificationUrl": "http://127.0.0.1/in"}, "order.notificationUrl"),
    ],
)
async def test_a_malformed_checkout_is_400(
    world: World, gateway: CardsPeer, changes: dict[str, Any], field: str
) -> None:
    answer = await gateway.call("POST", "/session", a_checkout(**changes))
    error = answer.json()["error"]
    assert (answer.status_code, error["cause"], error["field"]) == (400, "INVALID_REQUEST", field)
    assert (await world.book("cards"))["accepted"] == 0


@pytest.mark.parametrize(
    ("path", "login"),
    [
        (BASE, ("merchant.TESTKAURI", "other")),
        (BASE.replace("TESTKAURI", "OTHER"), ("merchant.TESTKAURI", "sim-cards-password")),
    ],
)
async def test_another_password_or_merchant_is_401(
    world: World, path: str, login: tuple[str, str]
) -> None:
    answer = await world.http.get(f"{path}/order/ORDER-1", auth=login)
    assert answer.status_code == 401


async def test_while_the_gateway_is_down_it_says_so(world: World, gateway: CardsPeer) -> None:
    await world.order("cards/down", down=True)
    down = await gateway.call("POST", "/session", a_checkout())
    await world.order("cards/down", down=True, how="busy")
    busy = await gateway.call("POST", "/session", a_checkout())
    await world.order("cards/down", down=False)
    assert down.json()["error"]["cause"] == "SERVER_FAILED"
    assert busy.json()["error"]["cause"] == "SERVER_BUSY"


async def test_the_book_survives_with_its_refunds(tmp_path: Path) -> None:
    file = tmp_path / "cards.jsonl"
    book = CardBook(file)
    payment = Payment(
        key="SESSION1", our_reference="ORDER-1", payer="", amount_minor=150_000, currency="KES",
        callback_url="", fault="paid", calls="once", serial=0, names={},
    )  # fmt: skip
    book.accept(payment, rings=True)
    book.end(payment, Outcome.PAID, taken=(150_000, "KES"), receipt="1")
    given = Refund(
        key="refund-1", order="ORDER-1", amount_minor=50_000, currency="KES", receipt="2", done=True
    )
    book.give_back(given)
    book.give_back(given)
    book.close()
    again = CardBook(file)
    assert (again.refundable("ORDER-1"), again.refunds_of("ORDER-1")) == (100_000, [given])
    again.close()
