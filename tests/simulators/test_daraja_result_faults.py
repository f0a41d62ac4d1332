"""Results that are lost, late, doubled, contradictory or oddly written: against the book."""

import asyncio
import re
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

from simulators.daraja.oddities import ODDITIES, named, of_payee
from simulators.faults import PAID
from tests.simulators.peers import World
from tests.simulators.short_code import ShortCode, a_short_code, parameters

pytestmark = pytest.mark.asyncio(loop_scope="session")

_DOC = Path(__file__).parents[2] / "docs" / "simulators.md"
_ROW = re.compile(r"^\| …(5\d) \| `(\w+)` \| (.+) \|$", re.MULTILINE)


Call = Callable[[], Awaitable[httpx.Response]]


def payee(suffix: str) -> str:
    return f"2547000000{suffix}"


async def codes(code: ShortCode, times: int) -> list[Any]:
    heard = await code.world.listener.hear("/in/result", times)
    return [one.body["Result"]["ResultCode"] for one in heard]


async def paid_out(code: ShortCode) -> int:
    """How often money left the short code."""
    return sum(line["kind"] == "payout" for line in (await code.account())["movements"])


async def test_the_documented_oddities_are_those_in_code() -> None:
    documented = _ROW.findall(_DOC.read_text())
    assert documented == [(one.suffix, one.name, one.says) for one in ODDITIES]
    assert [of_payee(payee(one.suffix)) for one in ODDITIES] == list(ODDITIES)
    assert named("paid") is of_payee("254711111111") is PAID


async def test_the_queues_timeout_posts_the_request_back_before_the_real_result(
    world: World,
) -> None:
    code = await a_short_code(world)
    await code.pay("K-ours", payee=payee("50"))
    told = await code.result()
    (timeout,) = world.listener.on("/in/timeout")
    assert timeout.body["OriginatorConversationID"] == "K-ours"
    assert timeout.body["CommandID"] == "BusinessPayment"
    assert "Result" not in timeout.body
    assert world.listener.heard[0].path == "/in/timeout"
    assert told["ResultCode"] == 0


async def test_parameters_come_null_as_one_object_and_codes_as_text(world: World) -> None:
    code = await a_short_code(world)
    await code.pay("K51", payee=payee("51"))
    null = await code.result()
    await code.pay("K52", payee=payee("52"))
    one = await code.result(times=2)
    await code.pay("K53", payee=payee("53"))
    text = await code.result(times=3)
    assert (null["ResultCode"], null["ResultParameters"]) == (0, None)
    assert one["ResultParameters"]["ResultParameter"] == {"Key": "TransactionAmount", "Value": 1000}
    assert (text["ResultCode"], text["ResultType"]) == ("0", "0")
    assert await paid_out(code) == 3


@pytest.mark.parametrize(
    ("suffix", "result"),
    [
        ("03", 1),
        ("04", 2001),
        ("05", 1019),
        ("07", "SFC_IC0003"),
        ("08", 8),
        ("54", 17),
        ("55", 26),
    ],
)
async def test_a_payout_that_fails_moves_nothing(
    world: World, suffix: str, result: int | str
) -> None:
    code = await a_short_code(world)
    await code.pay(payee=payee(suffix))
    told = await code.result()
    assert told["ResultCode"] == result
    assert "ResultParameters" not in told
    assert await paid_out(code) == 0


async def test_a_result_that_never_comes_hides_a_payout(world: World) -> None:
    code = await a_short_code(world)
    await code.pay("K-lost", payee=payee("10"))
    await code.pay("K-after")
    await code.result()
    assert len(world.listener.on("/in/result")) == 1
    assert await paid_out(code) == 2


async def test_a_result_comes_twice_late_or_before_the_answer(world: World) -> None:
    code = await a_short_code(world)
    await code.pay("K11", payee=payee("11"))
    first, second = await world.listener.hear("/in/result", 2)
    await code.pay("K13", payee=payee("13"))
    assert len(world.listener.on("/in/result")) == 3
    assert first.raw == second.raw
    await code.pay("K14", payee=payee("14"))
    await code.pay("K00")
    last = await world.listener.hear("/in/result", 5)
    names = [one.body["Result"]["OriginatorConversationID"] for one in last]
    assert names[-2:] == ["K00", "K14"]


async def test_contradicting_results_deny_what_was_paid(world: World) -> None:
    code = await a_short_code(world)
    await code.pay(payee=payee("16"))
    assert await codes(code, 2) == [2006, 0]
    assert await paid_out(code) == 1


async def test_a_forged_result_tells_of_money_that_never_left(world: World) -> None:
    code = await a_short_code(world)
    await code.pay(payee=payee("17"))
    assert await codes(code, 2) == [0, 2006]
    assert await paid_out(code) == 0


async def test_a_payout_told_as_expired_is_paid_late(world: World) -> None:
    code = await a_short_code(world)
    await code.pay(payee=payee("15"))
    assert await codes(code, 2) == [1019, 0]
    assert await paid_out(code) == 1


@pytest.mark.parametrize("suffix", ["20", "23"])
async def test_a_lost_answer_hides_a_payout_and_a_repeat_is_a_duplicate(
    world: World, suffix: str
) -> None:
    code = await a_short_code(world)
    with pytest.raises(httpx.TransportError):
        await code.pay("K-lost", payee=payee(suffix))
    again = await code.pay("K-lost", payee=payee(suffix))
    await code.result()
    assert again.json()["errorCode"] == "500.002.1001"
    assert await paid_out(code) == 1


@pytest.mark.parametrize("suffix", ["26", "30", "31"])
async def test_an_answer_nobody_can_read_hides_a_payout(world: World, suffix: str) -> None:
    code = await a_short_code(world)
    answer = await code.pay(payee=payee(suffix))
    await code.result()
    assert answer.status_code != 200 or not answer.text.endswith("}")
    assert await paid_out(code) == 1


@pytest.mark.parametrize(
    ("suffix", "status"), [("27", 429), ("28", 500), ("29", 404), ("25", 500), ("33", 500)]
)
async def test_what_is_refused_before_acting_leaves_the_reference_free(
    world: World, suffix: str, status: int
) -> None:
    code = await a_short_code(world)
    refused = await code.pay("K-free", payee=payee(suffix))
    book = await code.account()
    assert refused.status_code >= 400
    assert refused.status_code == status or suffix == "25"
    assert (book["instructions"], book["movements"]) == ([], [])


async def test_a_call_that_was_not_received_goes_through_under_the_same_reference(
    world: World,
) -> None:
    code = await a_short_code(world)
    with pytest.raises(httpx.TransportError):
        await code.pay("K-free", payee=payee("21"))
    assert (await code.pay("K-free", payee=payee("21"))).status_code == 200
    await code.result()
    assert await paid_out(code) == 1


async def test_a_tenth_less_is_paid_and_told(world: World) -> None:
    code = await a_short_code(world)
    await code.pay(payee=payee("40"))
    said = parameters(await code.result())
    assert said["TransactionAmount"] == 900
    assert (await code.account())["instructions"][0]["amount_minor"] == 90_000


async def test_questions_say_pending_three_times_although_it_is_done(world: World) -> None:
    code = await a_short_code(world)
    await code.pay("K42", payee=payee("42"))
    await code.result()
    for times in range(1, 5):
        await code.ask(OriginalConversationID="K42")
        await code.result("/in/asked", times=times)
    told = [parameters(one.body["Result"]) for one in world.listener.on("/in/asked")]
    statuses = [one["TransactionStatus"] for one in told]
    assert statuses == ["Pending", "Pending", "Pending", "Completed"]
    assert ["ReceiptNo" in one for one in told] == [False, False, False, True]


async def test_a_lost_payout_is_not_found_at_first(world: World) -> None:
    code = await a_short_code(world)
    with pytest.raises(httpx.TransportError):
        await code.pay("K22", payee=payee("22"))
    await code.result()
    for times in range(1, 4):
        await code.ask(OriginalConversationID="K22")
        await code.result("/in/asked", times=times)
    results = [one.body["Result"]["ResultCode"] for one in world.listener.on("/in/asked")]
    assert results == [2033, 2033, 0]


@pytest.mark.parametrize("operation", ["payout", "transfer", "balance", "reversal", "status"])
@pytest.mark.parametrize("fault", ["rate_limited", "html_error_page", "lost_answer"])
async def test_every_call_can_be_spoiled_alone(world: World, operation: str, fault: str) -> None:
    code = await a_short_code(world, working_minor=100_000)
    calls: dict[str, Call] = {
        "payout": code.pay,
        "transfer": code.transfer,
        "balance": code.balance,
        "reversal": lambda: code.reverse("NOTHING"),
        "status": lambda: code.ask(TransactionID="NOTHING"),
    }
    await world.order("daraja/faults", fault=fault, operation=operation)
    for name, call in calls.items():
        if name != operation:
            assert (await call()).status_code == 200
    if fault == "lost_answer":
        with pytest.raises(httpx.TransportError):
            await calls[operation]()
    else:
        spoiled = await calls[operation]()
        assert spoiled.status_code == (429 if fault == "rate_limited" else 502)
    waiting = (await world.http.get("/control/daraja/faults")).json()
    assert waiting == {}


@pytest.mark.parametrize("operation", ["payout", "transfer", "reversal", "balance"])
async def test_every_result_can_be_kept_back(world: World, operation: str) -> None:
    code = await a_short_code(world, working_minor=100_000)
    calls: dict[str, Call] = {
        "payout": code.pay,
        "transfer": code.transfer,
        "reversal": lambda: code.reverse("NOTHING"),
        "balance": code.balance,
    }
    await world.order("daraja/faults", fault="no_callback", operation=operation)
    await calls[operation]()
    await code.ask(TransactionID="NOTHING")
    await code.result("/in/asked")
    assert world.listener.on("/in/result") == []


async def test_results_wait_until_daraja_is_up_again(world: World) -> None:
    code = await a_short_code(world)
    await world.order("daraja/settings", approve_after_seconds=4)
    await code.pay()
    await world.order("daraja/down", down=True)
    async with asyncio.timeout(30):
        while not (await code.account())["movements"]:
            pass
    early = world.listener.on("/in/result")
    await world.order("daraja/down", down=False)
    assert early == []
    assert (await code.result())["ResultCode"] == 0
