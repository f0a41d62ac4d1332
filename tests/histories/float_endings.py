"""Every ending of a float purchase, played once against fakes."""

from collections.abc import Awaitable, Callable
from typing import Any

from temporalio.client import Client, WorkflowHandle

from models.float_decisions import FloatWord
from models.otp import OtpLook, OtpStanding
from providers.contract import Ambiguous
from tests.histories.float_scripts import (
    BALANCE,
    NOTHING,
    STATEMENT,
    WENT_BACK,
    FloatEnding,
    approved,
    called_back,
    called_back_then_moved,
    contradicted,
    decided,
    in_review,
    in_working,
    lands_late,
    looks,
    move_lost,
    move_refused,
    move_refused_once,
    not_bought,
    nothing,
    nowhere,
    nowhere_then_bought,
    refused_by_callback,
    resolved,
    seen_in_working_then_moved,
    sent_again,
    short,
    then,
    word,
)
from tests.workflows.float_fakes import NOT_YET, REFUSED, SHOWN, SHUT
from tests.workflows.float_harness import Saga, a_saga, an_order

_SOON = {"patience": 0.3}
#: Hours of the deadline pass within a second.
_BRIEF = {"deadline": 200.0}
_THERE = {"transfers": True}
_SPENT = OtpLook(standing=OtpStanding.SPENT)

FLOAT_ENDINGS: dict[str, FloatEnding] = {
    "confirmed_by_callback_and_statement": FloatEnding(
        ends="settled", script=called_back, arrange=looks(STATEMENT)
    ),
    "confirmed_by_statement_and_balance": FloatEnding(
        ends="settled", arrange=looks(NOTHING, STATEMENT, BALANCE)
    ),
    "confirmed_although_the_call_timed_out": FloatEnding(
        ends="settled",
        arrange=looks(NOTHING, STATEMENT, BALANCE, purchases=[Ambiguous("read timeout")]),
    ),
    "transferred_then_bought": FloatEnding(
        ends="settled", order=_THERE, script=called_back, arrange=looks(STATEMENT)
    ),
    "transfer_found_on_the_statement": FloatEnding(
        ends="settled",
        order=_THERE,
        arrange=looks(STATEMENT, BALANCE, transfers=[Ambiguous("reset")], traces=[NOT_YET, SHOWN]),
    ),
    "moved_from_working_to_utility": FloatEnding(
        ends="settled", script=called_back_then_moved, arrange=in_working
    ),
    "credited_and_seen_late": FloatEnding(ends="settled", script=called_back, arrange=lands_late),
    "never_seen_but_there": FloatEnding(
        ends="settled", script=in_review("not_seen", FloatWord.SEEN), arrange=nowhere
    ),
    "never_seen_and_in_working": FloatEnding(
        ends="settled", script=seen_in_working_then_moved, arrange=nowhere
    ),
    "never_seen_nor_bought": FloatEnding(ends="returned", script=not_bought, arrange=nowhere),
    "never_seen_and_sent_back": FloatEnding(
        ends="returned",
        order=_THERE,
        script=decided(FloatWord.RETURN, before=not_bought),
        arrange=nowhere,
    ),
    "never_seen_and_bought_again": FloatEnding(
        ends="settled",
        order=_THERE,
        script=decided(FloatWord.RETRY, before=not_bought),
        arrange=nowhere_then_bought,
    ),
    "left_in_working_then_moved_by_hand": FloatEnding(
        ends="settled",
        script=in_review("in_working", FloatWord.MOVED),
        arrange=move_refused,
    ),
    "move_unknown_then_moved_by_hand": FloatEnding(
        ends="settled",
        order={"wait_scale": 0.00005},
        script=decided(
            FloatWord.MOVED, at="in_working", before=then(called_back, resolved("failed"))
        ),
        arrange=move_lost,
    ),
    "left_in_working_then_moved_again": FloatEnding(
        ends="settled",
        script=in_review("in_working", FloatWord.MOVE),
        arrange=move_refused_once,
    ),
    "code_expired": FloatEnding(ends="expired", order=_SOON, script=nothing),
    "code_sent_again_then_expired": FloatEnding(
        ends="expired", order=_SOON, script=nothing, arrange=sent_again
    ),
    "code_right_in_the_last_second": FloatEnding(
        ends="settled",
        order=_SOON,
        script=nothing,
        arrange=looks(STATEMENT, BALANCE, code=[_SPENT]),
    ),
    "code_guessed_away": FloatEnding(ends="rejected", script=word("locked")),
    "canceled": FloatEnding(ends="canceled", script=word("canceled")),
    "wallet_fell_after_the_quote": FloatEnding(ends="insufficient", arrange=short),
    "transfer_refused": FloatEnding(
        ends="transfer_refused", order=_THERE, arrange=looks(transfers=[REFUSED])
    ),
    "transfer_never_left": FloatEnding(
        ends="transfer_refused",
        order={**_THERE, "wait_scale": 0.0002},
        arrange=looks(transfers=[SHUT]),
    ),
    "transfer_resolved_by_people": FloatEnding(
        ends="transfer_refused",
        order={**_THERE, "wait_scale": 0.000005},
        script=then(approved, resolved("failed")),
        arrange=looks(transfers=[Ambiguous("reset")]),
    ),
    "refused_before_a_transfer": FloatEnding(ends="returned", arrange=looks(purchases=[REFUSED])),
    "refused_by_callback_and_not_on_the_statement": FloatEnding(
        ends="returned", script=refused_by_callback, arrange=looks(NOTHING, WENT_BACK)
    ),
    "refused_then_sent_back": FloatEnding(
        ends="returned",
        order=_THERE,
        script=decided(FloatWord.RETURN),
        arrange=looks(purchases=[REFUSED]),
    ),
    "refused_then_bought_again": FloatEnding(
        ends="settled",
        order=_THERE,
        script=decided(FloatWord.RETRY),
        arrange=looks(STATEMENT, BALANCE, purchases=[REFUSED, SHOWN]),
    ),
    "nobody_confirmed_people_did": FloatEnding(
        ends="settled", order=_BRIEF, script=then(approved, resolved("succeeded"))
    ),
    "nobody_confirmed_people_sent_it_back": FloatEnding(
        ends="returned",
        order={**_BRIEF, **_THERE},
        script=then(approved, resolved("failed"), decided(FloatWord.RETURN)),
    ),
    "contradictory_callbacks_left_to_people": FloatEnding(
        ends="settled", order=_BRIEF, script=contradicted
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
