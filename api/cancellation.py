"""Cancel: an open session ends at once; while an attempt may be out it is only recorded."""

import json
from datetime import UTC, datetime
from functools import partial
from uuid import UUID

from starlette.responses import Response

from api.answers import answer
from api.errors import CheckoutFinal, NotFound
from api.keys import Caller
from api.parts import Parts
from api.queries import views, writes
from api.rendering import checkout_object
from models import decisions, ids
from models.events import payment_object
from models.lifecycle import CheckoutState
from runtime.database import Connection


class Cancellation:
    """One cancel: called inside a transaction, told on after its commit."""

    def __init__(self, parts: Parts, caller: Caller, checkout_id: UUID) -> None:
        self._parts, self._caller, self._checkout_id = parts, caller, checkout_id
        self._message: UUID | None = None

    async def __call__(self, connection: Connection) -> Response:
        """End or record. Raises NotFound, or CheckoutFinal for a session that ended otherwise."""
        rows = await views.session_rows(connection, self._checkout_id, lock=True)
        if rows is None:
            raise NotFound("there is no such checkout")
        state = CheckoutState(rows.checkout["state"])
        if state is CheckoutState.OPEN:
            rows = await self._end(connection, rows)
        elif state is CheckoutState.PROCESSING:
            rows = await self._record(connection, rows)
        elif state is not CheckoutState.CANCELED:
            raise CheckoutFinal(f"the session is {state}")
        return answer(checkout_object(*rows, url=self._parts.page_of(self._checkout_id)))

    def send(self) -> None:
        """After the commit: signal the running workflow."""
        if self._message is not None:
            self._parts.dispatcher.soon(partial(self._parts.inbox.deliver, [self._message]))

    async def _end(self, connection: Connection, rows: views.Rows) -> views.Rows:
        now = datetime.now(UTC)
        status = rows.payment["status"]
        ended = views.Rows(
            {**rows.checkout, "state": "canceled", "updated_at": now},
            {**rows.payment, "status": "canceled", "updated_at": now},
            rows.attempt,
        )
        step = f"{ids.shown(ids.CHECKOUT, self._checkout_id)}/canceled"
        moves: list[writes.Move] = [
            ("checkout", self._checkout_id, rows.checkout["state"], "canceled"),
            ("payment", rows.payment["id"], status, "canceled"),
        ]
        actor = self._caller.principal
        await writes.move_session(connection, ended.checkout, ended.payment)
        await writes.add_transitions(
            connection, rows.checkout, moves, step=step, actor=actor, at=now
        )
        data = {
            "object": payment_object(ended.payment, ended.attempt),
            "previous_attributes": {"status": status},
        }
        await writes.add_event(
            connection, rows.payment, decisions.CANCELED, data, step=step, at=now
        )
        return ended

    async def _record(self, connection: Connection, rows: views.Rows) -> views.Rows:
        if rows.checkout["cancel_requested_at"] is not None or rows.attempt is None:
            return rows
        now = datetime.now(UTC)
        plain = json.dumps({"actor": self._caller.principal}).encode()
        sealed = await self._parts.vault.seal(
            self._caller.org, livemode=self._caller.livemode, field="inbox", plain=plain
        )
        await writes.ask_to_cancel(connection, rows.checkout, now)
        self._message = await writes.add_message(
            connection,
            rows.checkout,
            kind="cancel",
            attempt_id=rows.attempt["id"],
            digest=f"{ids.shown(ids.CHECKOUT, self._checkout_id)}/cancel",
            sealed=sealed,
        )
        checkout = {**rows.checkout, "cancel_requested_at": now, "updated_at": now}
        return views.Rows(checkout, rows.payment, rows.attempt)
