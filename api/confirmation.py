"""Confirm: the first one starts the session's workflow, a later one is told to it."""

from collections.abc import Mapping
from datetime import UTC, datetime
from functools import partial
from typing import Any
from uuid import UUID

from psycopg import errors as sql
from starlette.responses import Response

from api import drafts, rail_turns
from api.answers import answer
from api.errors import (
    AttemptInProgress,
    CheckoutCanceling,
    CheckoutExpired,
    CheckoutFinal,
    NotFound,
    TooManyAttempts,
)
from api.keys import Caller
from api.parts import Parts
from api.queries import views, writes
from api.rendering import checkout_object
from api.schemas.checkouts import ConfirmCheckout
from models import decisions, ids
from models.checkout import MAX_ATTEMPTS
from models.events import payment_object
from models.lifecycle import CheckoutState, PaymentStatus
from runtime.database import Connection
from runtime.starting import checkout_start

_ONE_OPEN = "attempts_one_open"


class Confirmation:
    """One confirmation: called inside a transaction, told on after its commit.

    `carried`: the method's rail lets it through now. `back`: the page a payer who pays on a
    provider's page comes back to. `meant`: the number of the attempt it was meant for; another
    one is not made by it.
    """

    def __init__(
        self,
        parts: Parts,
        caller: Caller,
        checkout_id: UUID,
        body: ConfirmCheckout,
        *,
        carried: bool,
        back: str | None = None,
        meant: int | None = None,
    ) -> None:
        self._parts, self._caller = parts, caller
        self._back, self._meant = back, meant
        self._checkout_id, self._body = checkout_id, body
        self._carried = carried
        self._start: Any = None
        self._message: UUID | None = None

    async def __call__(self, connection: Connection) -> Response:
        """Write the attempt. Raises Invalid, NotFound, MethodDown, or why the state forbids it."""
        rows = await views.session_rows(connection, self._checkout_id, lock=True)
        if rows is None:
            raise NotFound("there is no such checkout")
        check_open(rows)
        number = rows.attempt["number"] + 1 if rows.attempt else 1
        if self._meant not in {None, number}:
            raise AttemptInProgress("look at the session first: it has had another attempt")
        tried = await drafts.attempt(
            self._parts,
            self._body,
            checkout=rows.checkout,
            payment=rows.payment,
            carried=self._carried,
            number=number,
            back=self._back,
        )
        moved = _processing(rows)
        try:
            await writes.add_attempt(connection, tried.row)
        except sql.UniqueViolation as error:
            if error.diag.constraint_name != _ONE_OPEN:
                raise
            raise AttemptInProgress("ask for the payment; do not collect again") from error
        await writes.move_session(connection, moved.checkout, moved.payment)
        await self._tell(connection, rows, moved, tried)
        await self._hand_over(connection, moved, tried)
        url = self._parts.page_of(self._checkout_id)
        return answer(checkout_object(moved.checkout, moved.payment, tried.row, url=url))

    def send(self) -> None:
        """After the commit: start the workflow, or signal the running one."""
        dispatcher = self._parts.dispatcher
        if self._start is not None:
            dispatcher.soon(partial(dispatcher.start, self._start))
        if self._message is not None:
            dispatcher.soon(partial(self._parts.inbox.deliver, [self._message]))

    async def _tell(
        self, connection: Connection, rows: views.Rows, moved: views.Rows, tried: drafts.Try
    ) -> None:
        at: datetime = moved.payment["updated_at"]
        step = f"{ids.shown(ids.CHECKOUT, self._checkout_id)}/accept/{tried.row['number']}"
        status = rows.payment["status"]
        moves: list[writes.Move] = [
            ("payment", rows.payment["id"], status, moved.payment["status"]),
            ("attempt", tried.row["id"], None, tried.row["state"]),
        ]
        if rows.checkout["state"] != moved.checkout["state"]:
            states = (rows.checkout["state"], moved.checkout["state"])
            moves.insert(0, ("checkout", self._checkout_id, *states))
        actor = self._caller.principal
        await writes.add_transitions(
            connection, rows.checkout, moves, step=step, actor=actor, at=at
        )
        data = {
            "object": payment_object(moved.payment, tried.row),
            "previous_attributes": {"status": status},
        }
        await writes.add_event(
            connection, rows.payment, decisions.PROCESSING, data, step=step, at=at
        )

    async def _hand_over(
        self, connection: Connection, moved: views.Rows, tried: drafts.Try
    ) -> None:
        checkout = moved.checkout
        await rail_turns.queue(connection, self._caller, self._checkout_id, tried.order)
        if tried.row["number"] == 1:
            drafted = drafts.Session(checkout=dict(checkout), payment=dict(moved.payment))
            order = drafts.checkout_order(self._parts, self._caller, tried.order, drafted)
            sealed = await drafts.sealed_start(self._parts, self._caller, order)
            await writes.add_start(connection, checkout, sealed, moved.payment["updated_at"])
            self._start = checkout_start(order)
            return
        self._message = await writes.add_message(
            connection,
            checkout,
            kind="attempt",
            attempt_id=tried.row["id"],
            digest=tried.order.id,
            sealed=await drafts.sealed_attempt(self._parts, self._caller, tried.order),
        )


def check_open(rows: views.Rows) -> None:
    """Raises why this session takes no attempt now."""
    status = PaymentStatus(rows.payment["status"])
    if CheckoutState(rows.checkout["state"]).final or status.final:
        raise CheckoutFinal(f"the session is {rows.checkout['state']}")
    if status is not PaymentStatus.REQUIRES_PAYMENT_METHOD:
        raise AttemptInProgress("ask for the payment; do not collect again")
    if rows.checkout["cancel_requested_at"] is not None:
        raise CheckoutCanceling("the session ends as canceled")
    if rows.checkout["expires_at"] <= datetime.now(UTC):
        raise CheckoutExpired("make a new session")
    if rows.attempt is not None and rows.attempt["number"] >= MAX_ATTEMPTS:
        raise TooManyAttempts(f"{MAX_ATTEMPTS} at most; make a new session")


def _processing(rows: views.Rows) -> views.Rows:
    now = datetime.now(UTC)
    checkout: Mapping[str, Any] = {**rows.checkout, "state": "processing", "updated_at": now}
    payment = {**rows.payment, "status": "processing", "updated_at": now}
    return views.Rows(checkout, payment, rows.attempt)
