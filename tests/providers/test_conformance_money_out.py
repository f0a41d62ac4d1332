"""Every refund and payout claimed: sent once, unknown when unanswered, told by asking."""

import httpx
import pytest

from models.reading import Reason, Verdict
from providers.contract import ProviderError
from providers.registry import known, systems
from tests.providers.sheets.every import BANKS, SHEETS
from tests.providers.sheets.failures import FAILURES, NAMES
from tests.providers.sheets.sheet import Call, MoneyOut, Play, Rail, Wire

UNREADABLE = (
    Wire(body=b"<html><h1>502 Bad Gateway</h1></html>", status=502),
    Wire(body=b"<html>ok</html>"),
    Wire(body=b'{"status":"succ'),
    Wire(body=b"[1,2]"),
)
_SLOTS = ("refunds", "pays_out")


def played(money_out: MoneyOut, *plays: Play) -> Rail:
    return Rail(money_out, list(plays))


def calls(money_out: MoneyOut) -> list[Call]:
    """The order, and its question where there is one."""
    return [money_out.send, *([money_out.ask] if money_out.ask else [])]


def test_every_way_out_a_provider_claims_has_samples() -> None:
    claimed = {
        (name, slot) for name, one in known(plugins=[]).items() for slot in _SLOTS
        if getattr(one, slot) is not None
    }  # fmt: skip
    claimed |= {(one.name, "pays_banks") for one in systems() if one.pays_banks is not None}
    sampled = {(sheet.provider.name, one.slot) for sheet in SHEETS for one in sheet.money_out}
    sampled |= {(name, one.slot) for name, ways in BANKS.items() for one in ways}
    assert sampled == claimed


@pytest.mark.parametrize(("failure", "meaning"), FAILURES, ids=NAMES)
async def test_a_failure_says_whether_the_order_may_have_arrived(
    money_out: MoneyOut, failure: Exception, meaning: type[ProviderError]
) -> None:
    rail = played(money_out, failure, failure)
    for call in calls(money_out):
        with pytest.raises(meaning):
            await call(rail)
    assert len(rail.sent) == len(calls(money_out))


async def test_what_is_answered_at_once_is_read_as_it_is(money_out: MoneyOut) -> None:
    for verdict, wires in money_out.acks.items():
        for wire in wires:
            rail = played(money_out, wire)
            reading = await money_out.send(rail)
            assert (reading.verdict, reading.retryable) == (verdict, False), wire
            assert len(rail.sent) == 1


async def test_asking_tells_what_became_of_it(money_out: MoneyOut) -> None:
    assert bool(money_out.answers) is bool(money_out.ask)
    for verdict, wires in money_out.answers.items():
        for wire in wires:
            reading = await calls(money_out)[-1](played(money_out, wire))
            assert reading.verdict is verdict, wire


async def test_an_order_refused_before_acting_may_be_sent_again(money_out: MoneyOut) -> None:
    for wire in money_out.not_now:
        reading = await money_out.send(played(money_out, wire))
        assert (reading.verdict, reading.retryable) == (Verdict.REFUSED, True), wire


async def test_a_refused_question_about_an_order_leaves_it_unknown(money_out: MoneyOut) -> None:
    for wire in (*money_out.not_now, *money_out.acks[Verdict.REFUSED]):
        for ask in calls(money_out)[1:]:
            reading = await ask(played(money_out, wire))
            assert (reading.verdict, reading.retryable) == (Verdict.UNKNOWN, False), wire


@pytest.mark.parametrize("wire", UNREADABLE, ids=lambda wire: repr(wire.body[:12]))
async def test_an_unreadable_answer_to_an_order_is_unknown(money_out: MoneyOut, wire: Wire) -> None:
    readings = [await call(played(money_out, wire)) for call in calls(money_out)]
    assert {(r.verdict, r.reason) for r in readings} == {(Verdict.UNKNOWN, Reason.UNREADABLE)}


async def test_a_repeated_order_carries_the_same_reference(money_out: MoneyOut) -> None:
    again = money_out.repeat or next(iter(money_out.acks.values()))[0]
    rail = played(money_out, httpx.ReadTimeout("slow"), again)
    with pytest.raises(ProviderError):
        await money_out.send(rail)
    reading = await money_out.send(rail)
    first, second = rail.sent
    assert money_out.reference(first) == money_out.reference(second)
    if money_out.repeat:
        assert (reading.verdict, reading.reason) == (Verdict.UNKNOWN, Reason.DUPLICATE)


async def test_an_order_the_rail_cannot_carry_is_refused_unsent(money_out: MoneyOut) -> None:
    assert money_out.unfit
    for unfit in money_out.unfit:
        rail = played(money_out)
        assert (await unfit(rail)).verdict is Verdict.REFUSED
        assert rail.sent == []
