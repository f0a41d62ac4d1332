"""How fakes answer in each ending of a float purchase, and what is said to it."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from models.checkout import RESOLVE, OperatorResolution
from models.float_decisions import DECIDE, FloatWord
from models.float_order import FLOAT, MOVE
from models.otp import OtpLook, OtpStanding
from models.reading import Source
from providers.contract import Ambiguous
from tests.workflows.float_fakes import BACK, MOVED, NOT_YET, REFUSED, SHOWN
from tests.workflows.float_harness import Saga, a_decision, told

Script = Callable[[Saga], Awaitable[None]]
STATEMENT, BALANCE = (Source.STATEMENT, SHOWN), (Source.QUERY, SHOWN)
NOTHING = (Source.QUERY, NOT_YET)
WENT_BACK = (Source.STATEMENT, BACK)


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


def looks(*looks: Any, **more: Any) -> Callable[[Saga], None]:
    def arrange(saga: Saga) -> None:
        saga.watch.looks = list(looks) or [NOTHING]
        for name, script in more.items():
            place = saga.watch if name in {"traces", "code", "balances"} else saga.bank
            setattr(place, name, list(script))

    return arrange


def sent_again(saga: Saga) -> None:
    later = datetime.now(UTC) + timedelta(seconds=0.3)
    live = OtpLook(standing=OtpStanding.LIVE, expires_at=later)
    saga.watch.code = [live, OtpLook(standing=OtpStanding.OVER)]


def short(saga: Saga) -> None:
    saga.sagas.shorts = 1


def in_working(saga: Saga, *moves: Any) -> None:
    saga.watch.looks = [STATEMENT, NOTHING]
    saga.watch.balances = [told(1_000_000, 0), told(1_000_000, 5_000_000)]
    if moves:
        saga.short_code.moves = list(moves)


def nowhere(saga: Saga) -> None:
    saga.watch.looks = [STATEMENT, NOTHING]
    saga.watch.balances = [told(1_000_000, 0)] * 5


def lands_late(saga: Saga) -> None:
    saga.watch.looks = [STATEMENT, NOTHING]
    saga.watch.balances = [told(1_000_000, 0), told(1_000_000, 0), told(6_000_000, 0)]


def move_refused(saga: Saga) -> None:
    in_working(saga, REFUSED)


def move_lost(saga: Saga) -> None:
    in_working(saga, Ambiguous("reset"))


def move_refused_once(saga: Saga) -> None:
    in_working(saga, REFUSED, MOVED)


def nowhere_then_bought(saga: Saga) -> None:
    saga.watch.looks = [STATEMENT, NOTHING, STATEMENT, BALANCE]
    saga.watch.balances = [told(1_000_000, 0)] * 5


async def called_back(saga: Saga) -> None:
    await approved(saga)
    await saga.reaches("purchasing", "purchase_unknown")
    await saga.says(FLOAT, SHOWN)


async def refused_by_callback(saga: Saga) -> None:
    await approved(saga)
    await saga.reaches("purchasing")
    await saga.says(FLOAT, REFUSED)


async def contradicted(saga: Saga) -> None:
    await refused_by_callback(saga)
    await saga.says(FLOAT, SHOWN)
    await resolved("succeeded")(saga)


async def called_back_then_moved(saga: Saga) -> None:
    await called_back(saga)
    await saga.reaches("moving")
    await saga.says(MOVE, MOVED)


def decided(word: FloatWord, at: str = "float_refused", before: Script = approved) -> Script:
    async def script(saga: Saga) -> None:
        await before(saga)
        await saga.reaches(at)
        await saga.updates(DECIDE, a_decision(word))

    return script


def in_review(at: str, *words: FloatWord) -> Script:
    """Called back, so credited; then people decide."""

    async def script(saga: Saga) -> None:
        await called_back(saga)
        for choice in words:
            await saga.reaches(at)
            await saga.updates(DECIDE, a_decision(choice))

    return script


async def not_bought(saga: Saga) -> None:
    await in_review("not_seen", FloatWord.NOT_BOUGHT)(saga)


async def seen_in_working_then_moved(saga: Saga) -> None:
    await in_review("not_seen", FloatWord.SEEN_IN_WORKING)(saga)
    await saga.reaches("moving")
    await saga.says(MOVE, MOVED)


def resolved(outcome: str) -> Script:
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


def then(*scripts: Script) -> Script:
    async def script(saga: Saga) -> None:
        for one in scripts:
            await one(saga)

    return script
