"""Records: one step, one transaction. Row, ledger entry, case and event commit together."""

import dataclasses
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias

from temporalio import activity
from temporalio.exceptions import ApplicationError

from activities import rows
from models import faultpoints, ids
from models.decisions import REVIEW_OPENED
from models.events import payment_object
from models.lifecycle import AttemptState
from models.step import CaseKind, Posting, Step, Written

if TYPE_CHECKING:
    from runtime.database import Connection, Database


#: Row id and the state it was moved to.
Moves: TypeAlias = dict[Any, str]


class Books(Protocol):
    """Where money is booked; the ledger's one writer stands behind it."""

    async def book(self, connection: "Connection", step: Step, posting: Posting) -> str | None:
        """Post in the caller's transaction; None when the receipt was booked before."""
        ...


class Records:
    """The only writer of checkouts, payments and attempts after acceptance."""

    def __init__(self, database: "Database", books: Books) -> None:
        self._database = database
        self._books = books

    @activity.defn(name="payment.record")
    async def record(self, step: Step) -> Written:
        """Write a step that moves no money."""
        await faultpoints.reach("record.before", step.checkout_id)
        written = await self.commit(step)
        await faultpoints.reach("record.after", step.checkout_id)
        return written

    @activity.defn(name="payment.book")
    async def book(self, step: Step) -> Written:
        """Write a step that books money."""
        await faultpoints.reach("book.before", step.checkout_id)
        written = await self.commit(step)
        await faultpoints.reach("book.after", step.checkout_id)
        return written

    async def commit(self, step: Step, *, late_is_fine: bool = False) -> Written:
        """Write a step once for ever; a repeat changes nothing.

        A worker that died after this commit decides the same step again, perhaps otherwise,
        because more was heard since: then nothing is written and it learns where the rows stand.
        Raises ApplicationError (not retryable) for a move the state machine does not hold;
        with `late_is_fine` such a move is left out and only the evidence is kept.
        """
        org = ids.parsed(ids.ORG, step.org_id)
        async with self._database.flowing(org, step.livemode) as connection:
            return await self._commit(connection, step, late_is_fine=late_is_fine)

    async def _commit(self, connection: "Connection", step: Step, *, late_is_fine: bool) -> Written:
        payment, attempt, taken, busy = await _read(connection, step)
        standing = rows.standing(payment, attempt)
        if taken and taken != rows.moves(step, payment, attempt):
            return Written(applied=False, standing=standing)
        if taken:
            return Written()
        if step.only_if_idle and busy:
            return Written(applied=False)
        wrong = rows.illegal(step, payment, attempt)
        if wrong and step.believes not in {None, standing}:
            return Written(applied=False, standing=standing)
        if wrong and not late_is_fine:
            raise ApplicationError(wrong, type="IllegalMove", non_retryable=True)
        if wrong:
            step = dataclasses.replace(step, attempt=None, payment=None, events=())
        entry = await self._books.book(connection, step, step.posting) if step.posting else None
        booked_elsewhere = step.posting is not None and entry is None
        if booked_elsewhere:
            step = _disputed(step)
        await _write(connection, step, payment, attempt, entry)
        if step.posting:
            await faultpoints.reach("book.written", step.checkout_id)
        return Written(applied=not booked_elsewhere)


async def _read(connection: "Connection", step: Step) -> tuple[Any, Any, Moves, bool]:
    payment_id = ids.parsed(ids.PAYMENT, step.payment_id)
    locked = await connection.execute(rows.LOCK_PAYMENT, [payment_id])
    tried = await connection.execute(rows.ATTEMPT, [ids.parsed(ids.ATTEMPT, step.attempt_id)])
    taken = await connection.execute(rows.TAKEN, [step.key])
    busy = await connection.execute(rows.IN_FLIGHT, [payment_id])
    payment, attempt = await locked.fetchone(), await tried.fetchone()
    if payment is None or attempt is None:
        raise ApplicationError(f"{step.payment_id} is not there", type="RowMissing")
    before = {row["object_id"]: row["to_state"] for row in await taken.fetchall()}
    return payment, attempt, before, await busy.fetchone() is not None


async def _write(
    connection: "Connection",
    step: Step,
    payment: Mapping[str, Any],
    attempt: Mapping[str, Any],
    entry: str | None,
) -> None:
    await rows.add_transitions(connection, step, payment, attempt)
    await rows.move_rows(connection, step, payment, attempt)
    for report in step.evidence:
        await rows.add_evidence(connection, step, report)
    await rows.open_case(connection, step, payment, attempt, entry)
    await rows.decide_cases(connection, step, attempt)
    data = _told(step, payment, attempt) if step.events else {}
    for kind in step.events:
        await rows.add_event(connection, payment, kind, data, key=step.key, at=step.at)


def _disputed(step: Step) -> Step:
    """The receipt was booked before: never credited twice. A success so told needs review."""
    claims_success = step.attempt is AttemptState.SUCCEEDED
    return dataclasses.replace(
        step,
        posting=None,
        attempt=AttemptState.NEEDS_REVIEW if claims_success else None,
        payment=None,
        checkout=None,
        case=CaseKind.CONTRADICTION if claims_success else None,
        needs_review=True if claims_success else None,
        events=(REVIEW_OPENED,) if claims_success else (),
    )


def _told(step: Step, payment: Mapping[str, Any], attempt: Mapping[str, Any]) -> Mapping[str, Any]:
    """The payment as it stands after the step, for the merchant."""
    fields = rows.payment_fields(step, payment)
    review = payment["needs_review"] if fields["review"] is None else fields["review"]
    after = {
        **payment,
        "status": fields["status"] or payment["status"],
        "needs_review": review,
        "next_check_at": fields["next"],
        "amount_received": payment["amount_received"] + fields["received"],
        "updated_at": step.at,
    }
    said = step.evidence[-1].reading if step.evidence else None
    tried = {**attempt, "state": str(step.attempt or attempt["state"])}
    if said is not None:
        tried["provider_reference"] = said.provider_reference or attempt["provider_reference"]
        tried["receipt"] = said.receipt or attempt["receipt"]
        tried["redirect_url"] = attempt["redirect_url"] or said.redirect_url
        tried["reason"] = str(said.reason) if said.reason else attempt["reason"]
    return {
        "object": payment_object(after, tried),
        "previous_attributes": {"status": payment["status"]},
    }
