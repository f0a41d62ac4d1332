"""Every ending of a float purchase, played once against fakes."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from temporalio.client import Client, WorkflowHandle

from models.checkout import RESOLVE, OperatorResolution
from models.float_decisions import DECIDE, FloatWord
from models.float_order import FLOAT, MOVE
from models.otp import OtpLook, OtpStanding
from models.reading import Source
from providers.contract import Ambiguous
from tests.workflows.float_fakes import BACK, MOVED, NOT_YET, REFUSED, SHOWN, SHUT
from tests.workflows.float_harness import Saga, a_decision, a_saga, an_order, told

Script = Callable[[Saga], Awaitable[None]]
_STATEMENT, _BALANCE = (Source.STATEMENT, SHOWN), (Source.QUERY, SHOWN)
_NOTHING = (Source.QUERY, NOT_YET)
_BACK = (Source.STATEMENT, BACK)


async def approved(saga: Saga) -> None:
    """The code was right."""
    await saga.requests("verified")


def word(said: str) -> Script:
    """Something else was done with the code."""

    async def script(saga: Saga) -> None:
        await saga.requests(said)

    return script


async def nothing(_saga: Saga) -> None:
    """Nobody says anything."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FloatEnding:
    """One way a purchase can go: how fakes answer, what is said, and where it ends."""

    ends: str
    script: Script = approved
    order: dict[str, Any] = field(default_factory=dict)
    arrange: Callable[[Saga], None] = lambda _saga: None


def _looks(*looks: Any, **more: Any) -> Callable[[Saga], None]:
    def arrange(saga: Saga) -> None:
        saga.watch.looks = list(looks) or [_NOTHING]
        for name, script in more.items():
            place = saga.watch if name in {"traces", "code", "balances"} else saga.bank
            setattr(place, name, list(script))

    return arrange


def _sent_again(saga: Saga) -> None:
    later = datetime.now(UTC) + timedelta(seconds=0.3)
    live = OtpLook(standing=OtpStanding.LIVE, expires_at=later)
    saga.watch.code = [live, OtpLook(standing=OtpStanding.OVER)]


def _short(saga: Saga) -> None:
    saga.sagas.shorts = 1


def _in_working(saga: Saga, *moves: Any) -> None:
    saga.watch.looks = [_STATEMENT, _NOTHING]
    saga.watch.balances = [told(1_000_000, 0), told(1_000_000, 5_000_000)]
    if moves:
        saga.short_code.moves = list(moves)


def _nowhere(saga: Saga) -> None:
    saga.watch.looks = [_STATEMENT, _NOTHING]
    saga.watch.balances = [told(1_000_000, 0)] * 5


def _lands_late(saga: Saga) -> None:
    saga.watch.looks = [_STATEMENT, _NOTHING]
    saga.watch.balances = [told(1_000_000, 0), told(1_000_000, 0), told(6_000_000, 0)]


def _move_refused(saga: Saga) -> None:
    _in_working(saga, REFUSED)


def _move_refused_once(saga: Saga) -> None:
    _in_working(saga, REFUSED, MOVED)


def _nowhere_then_bought(saga: Saga) -> None:
    saga.watch.looks = [_STATEMENT, _NOTHING, _STATEMENT, _BALANCE]
    saga.watch.balances = [told(1_000_000, 0)] * 5


async def _called_back(saga: Saga) -> None:
    await approved(saga)
    await saga.reaches("purchasing", "purchase_unknown")
    await saga.says(FLOAT, SHOWN)


async def _refused_by_callback(saga: Saga) -> None:
    await approved(saga)
    await saga.reaches("purchasing")
    await saga.says(FLOAT, REFUSED)


async def _contradicted(saga: Saga) -> None:
    await _refused_by_callback(saga)
    await saga.says(FLOAT, SHOWN)
    await _resolved("succeeded")(saga)


async def _called_back_then_moved(saga: Saga) -> None:
    await _called_back(saga)
    await saga.reaches("moving")
    await saga.says(MOVE, MOVED)


def _decided(word: FloatWord, at: str = "float_refused", before: Script = approved) -> Script:
    async def script(saga: Saga) -> None:
        await before(saga)
        await saga.reaches(at)
        await saga.updates(DECIDE, a_decision(word))

    return script


def _in_review(at: str, *words: FloatWord) -> Script:
    """Called back, so credited; then people decide."""

    async def script(saga: Saga) -> None:
        await _called_back(saga)
        for choice in words:
            await saga.reaches(at)
            await saga.updates(DECIDE, a_decision(choice))

    return script


async def _not_bought(saga: Saga) -> None:
    await _in_review("not_seen", FloatWord.NOT_BOUGHT)(saga)


async def _seen_in_working_then_moved(saga: Saga) -> None:
    await _in_review("not_seen", FloatWord.SEEN_IN_WORKING)(saga)
    await saga.reaches("moving")
    await saga.says(MOVE, MOVED)


def _resolved(outcome: str) -> Script:
    async def script(saga: Saga) -> None:
        await saga.in_doubt()
        resolution = OperatorResolution(
            actor="op.amina",
            approver="op.brian",
            reason="the bank wrote",
            evidence="letter 7",
            outcome=outcome,
            receipt="FT7" if outcome == "succeeded" else None,
        )
        await saga.updates(RESOLVE, resolution)

    return script


def _then(*scripts: Script) -> Script:
    async def script(saga: Saga) -> None:
        for one in scripts:
            await one(saga)

    return script


_SOON = {"patience": 0.3}
#: Hours of the deadline pass within a second.
_BRIEF = {"deadline": 200.0}
_THERE = {"transfers": True}
_SPENT = OtpLook(standing=OtpStanding.SPENT)

FLOAT_ENDINGS: dict[str, FloatEnding] = {
    "confirmed_by_callback_and_statement": FloatEnding(
        ends="settled", script=_called_back, arrange=_looks(_STATEMENT)
    ),
    "confirmed_by_statement_and_balance": FloatEnding(
        ends="settled", arrange=_looks(_NOTHING, _STATEMENT, _BALANCE)
    ),
    "confirmed_although_the_call_timed_out": FloatEnding(
        ends="settled",
        arrange=_looks(_NOTHING, _STATEMENT, _BALANCE, purchases=[Ambiguous("read timeout")]),
    ),
    "transferred_then_bought": FloatEnding(
        ends="settled", order=_THERE, script=_called_back, arrange=_looks(_STATEMENT)
    ),
    "transfer_found_on_the_statement": FloatEnding(
        ends="settled",
        order=_THERE,
        arrange=_looks(
            _STATEMENT, _BALANCE, transfers=[Ambiguous("reset")], traces=[NOT_YET, SHOWN]
        ),
    ),
    "moved_from_working_to_utility": FloatEnding(
        ends="settled", script=_called_back_then_moved, arrange=_in_working
    ),
    "credited_and_seen_late": FloatEnding(ends="settled", script=_called_back, arrange=_lands_late),
    "never_seen_but_there": FloatEnding(
        ends="settled", script=_in_review("not_seen", FloatWord.SEEN), arrange=_nowhere
    ),
    "never_seen_and_in_working": FloatEnding(
        ends="settled", script=_seen_in_working_then_moved, arrange=_nowhere
    ),
    "never_seen_nor_bought": FloatEnding(ends="returned", script=_not_bought, arrange=_nowhere),
    "never_seen_and_sent_back": FloatEnding(
        ends="returned",
        order=_THERE,
        script=_decided(FloatWord.RETURN, before=_not_bought),
        arrange=_nowhere,
    ),
    "never_seen_and_bought_again": FloatEnding(
        ends="settled",
        order=_THERE,
        script=_decided(FloatWord.RETRY, before=_not_bought),
        arrange=_nowhere_then_bought,
    ),
    "left_in_working_then_moved_by_hand": FloatEnding(
        ends="settled",
        script=_in_review("in_working", FloatWord.MOVED),
        arrange=_move_refused,
    ),
    "left_in_working_then_moved_again": FloatEnding(
        ends="settled",
        script=_in_review("in_working", FloatWord.MOVE),
        arrange=_move_refused_once,
    ),
    "code_expired": FloatEnding(ends="expired", order=_SOON, script=nothing),
    "code_sent_again_then_expired": FloatEnding(
        ends="expired", order=_SOON, script=nothing, arrange=_sent_again
    ),
    "code_right_in_the_last_second": FloatEnding(
        ends="settled",
        order=_SOON,
        script=nothing,
        arrange=_looks(_STATEMENT, _BALANCE, code=[_SPENT]),
    ),
    "code_guessed_away": FloatEnding(ends="rejected", script=word("locked")),
    "canceled": FloatEnding(ends="canceled", script=word("canceled")),
    "wallet_fell_after_the_quote": FloatEnding(ends="insufficient", arrange=_short),
    "transfer_refused": FloatEnding(
        ends="transfer_refused", order=_THERE, arrange=_looks(transfers=[REFUSED])
    ),
    "transfer_never_left": FloatEnding(
        ends="transfer_refused",
        order={**_THERE, "wait_scale": 0.0002},
        arrange=_looks(transfers=[SHUT]),
    ),
    "transfer_resolved_by_people": FloatEnding(
        ends="transfer_refused",
        order={**_THERE, "wait_scale": 0.000005},
        script=_then(approved, _resolved("failed")),
        arrange=_looks(transfers=[Ambiguous("reset")]),
    ),
    "refused_before_a_transfer": FloatEnding(ends="returned", arrange=_looks(purchases=[REFUSED])),
    "refused_by_callback_and_not_on_the_statement": FloatEnding(
        ends="returned", script=_refused_by_callback, arrange=_looks(_NOTHING, _BACK)
    ),
    "refused_then_sent_back": FloatEnding(
        ends="returned",
        order=_THERE,
        script=_decided(FloatWord.RETURN),
        arrange=_looks(purchases=[REFUSED]),
    ),
    "refused_then_bought_again": FloatEnding(
        ends="settled",
        order=_THERE,
        script=_decided(FloatWord.RETRY),
        arrange=_looks(_STATEMENT, _BALANCE, purchases=[REFUSED, SHOWN]),
    ),
    "nobody_confirmed_people_did": FloatEnding(
        ends="settled", order=_BRIEF, script=_then(approved, _resolved("succeeded"))
    ),
    "nobody_confirmed_people_sent_it_back": FloatEnding(
        ends="returned",
        order={**_BRIEF, **_THERE},
        script=_then(approved, _resolved("failed"), _decided(FloatWord.RETURN)),
    ),
    "contradictory_callbacks_left_to_people": FloatEnding(
        ends="settled", order=_BRIEF, script=_contradicted
    ),
}


async def play(saga: Saga, ending: FloatEnding) -> str:
    """Run one ending to its end."""
    ending.arrange(saga)
    await saga.start()
    await ending.script(saga)
    return await saga.ends()


def order_of(ending: FloatEnding) -> Any:
    """The order an ending begins with."""
    return an_order(**ending.order)


def _recorded(ending: FloatEnding) -> Callable[[Client], Awaitable[WorkflowHandle[Any, Any]]]:
    async def one(client: Client) -> WorkflowHandle[Any, Any]:
        async with a_saga(client, order_of(ending)) as saga:
            await play(saga, ending)
            return saga.handle

    return one


#: What `record` writes.
FLOAT_PLAYS = {
    f"float-purchase-{name}": _recorded(ending) for name, ending in FLOAT_ENDINGS.items()
}
