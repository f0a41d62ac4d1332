"""What may be decided about an escrow's money, each under the lock of its row."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from typing import Any
from uuid import UUID

from psycopg import errors as sql
from starlette.responses import Response

from activities import escrow_rows
from activities.escrow_rows import Taking
from activities.waking import wake, word
from api.answers import answer
from api.errors import Forbidden, NotFound
from api.escrow_errors import (
    EscrowDisputed,
    EscrowHoldsNothing,
    EscrowNotDisputed,
    EscrowOwedBack,
    EscrowRuleRefuses,
    EscrowTooSmall,
)
from api.escrow_view import escrow_object
from api.methods import wrong
from api.parts import Parts
from api.queries import escrows as queries
from api.refund_errors import problem_of
from api.schemas.escrows import DecideRequest
from models import faultpoints, ids
from models.escrow import HOLDING, EscrowState
from models.money import Money
from models.refund_order import RefundDraft, RefundRefused
from runtime.database import Connection
from runtime.starting import refund_start

Row = Mapping[str, Any]
NOTE = "escrow_note"
#: Which member of the rule allows which way of releasing.
_ALLOWS = {"proof": "on_proof", "customer": "on_confirmation"}


@dataclass(slots=True)
class EscrowDesk:
    """One escrow, one request. What it decided is told after the commit by `send`."""

    parts: Parts
    org: UUID
    livemode: bool
    escrow: UUID
    actor: str
    told: list[UUID] = field(default_factory=list)
    begun: list[Any] = field(default_factory=list)

    async def release(
        self, connection: Connection, *, amount: int | None, by: str, note: str | None
    ) -> Response:
        """Decide that a part is the merchant's. Raises why it is not."""
        row = await self._holding(connection)
        if not row["data"][_ALLOWS[by]]:
            raise EscrowRuleRefuses(f"its rule does not say {_ALLOWS[by]}")
        if row["owed_back"] and by != "customer":
            raise EscrowOwedBack("two people gave it to the payer: refund it, or dispute it anew")
        return await self._taken(connection, row, self._taking("release", row, amount, by), note)

    async def refund(self, connection: Connection, *, amount: int | None, reason: str) -> Response:
        """Decide that a part is the payer's; the refund carries it. Raises why it is not."""
        row = await self._holding(connection)
        taking = self._taking("refund", row, amount, "merchant")
        return await self._taken(connection, row, taking, reason)

    async def dispute(self, connection: Connection, *, reason: str) -> Response:
        """Freeze what is left. Raises EscrowHoldsNothing and EscrowDisputed."""
        row = await self._holding(connection)
        if row["funded"] == row["taken"]:
            raise EscrowHoldsNothing("all of it was decided about")
        sealed = await self._sealed(reason)
        number = await queries.open_dispute(connection, row, by=self.actor, reason=sealed)
        return await self._told(connection, row, f"dispute/{number}")

    async def decide(
        self, connection: Connection, body: DecideRequest, *, checker: str
    ) -> Response:
        """Two people divide what is left, or let it go on. Raises why they cannot."""
        row = await self._held(connection)
        number = await self._close(connection, body, checker)
        left = row["funded"] - row["taken"]
        if body.release + body.refund not in {0, left}:
            raise wrong("/release", f"release and refund are {left} together, or both zero")
        for kind, amount in (("release", body.release), ("refund", body.refund)):
            if amount:
                taking = self._taking(kind, row, amount, "dispute")
                await self._take(connection, row, taking, body.reason)
        return await self._told(connection, row, f"decided/{number}")

    def send(self) -> None:
        """After the commit: wake the escrow, start the refunds."""
        dispatcher = self.parts.dispatcher
        if self.told:
            dispatcher.soon(partial(self.parts.vault_inbox.deliver, self.told))
        for plan in self.begun:
            dispatcher.soon(partial(dispatcher.start, refund_start(plan)))

    async def _close(self, connection: Connection, body: DecideRequest, checker: str) -> int:
        try:
            number = await queries.decide_dispute(
                connection,
                self.escrow,
                maker=self.actor,
                checker=checker,
                word=await self._sealed(body.reason),
            )
        except sql.CheckViolation as error:
            raise Forbidden("the approver may not be the one who acts") from error
        if number is None:
            raise EscrowNotDisputed("open a dispute first")
        return number

    async def _held(self, connection: Connection) -> Row:
        row = await escrow_rows.locked(connection, self.escrow)
        if row is None:
            raise NotFound("there is no such escrow")
        return row

    async def _holding(self, connection: Connection) -> Row:
        """The row, when its money may be decided about."""
        row = await self._held(connection)
        if row["disputed"] or row["state"] == EscrowState.DISPUTED:
            raise EscrowDisputed("two people decide what becomes of it")
        if row["state"] not in HOLDING:
            raise EscrowHoldsNothing(f"it is {row['state']}", escrow_status=row["state"])
        return row

    def _taking(self, kind: str, row: Row, amount: int | None, by: str) -> Taking:
        left = row["funded"] - row["taken"]
        wanted = left if amount is None else amount
        if not 0 < wanted <= left:
            raise EscrowTooSmall(f"{Money(left, row['currency'])} are left", left=str(left))
        return Taking(kind=kind, amount=wanted, by=by, actor=self.actor)

    async def _taken(
        self, connection: Connection, row: Row, taking: Taking, note: str | None
    ) -> Response:
        number = await self._take(connection, row, taking, note)
        return await self._told(connection, row, f"part/{number}")

    async def _take(
        self, connection: Connection, row: Row, taking: Taking, note: str | None
    ) -> int:
        sealed = None if note is None else await self._sealed(note)
        refund = await self._refund(connection, row, taking) if taking.kind == "refund" else None
        number = await escrow_rows.take(
            connection, self.escrow, taking.kept(note=sealed, refund=refund)
        )
        if number is None:
            raise RuntimeError("the row was locked when its rest was read")
        return number

    async def _refund(self, connection: Connection, row: Row, taking: Taking) -> UUID:
        """The refund that carries the part. Raises the problem it is not accepted for."""
        named = ids.shown(ids.ESCROW, self.escrow)
        draft = RefundDraft(
            payment_id=ids.shown(ids.PAYMENT, row["payment_id"]),
            maker=self.actor,
            amount=Money(taking.amount, row["currency"]),
            reason=f"escrow {taking.by}",
            escrow=named,
            approved_in=named if taking.by == "dispute" else None,
            waiter=named,
        )
        try:
            accepted = await self.parts.refunds.accept(connection, draft, at=datetime.now(UTC))
        except RefundRefused as error:
            raise problem_of(error) from error
        self.begun += [accepted.plan] if accepted.plan else []
        refund: UUID = accepted.row["id"]
        return refund

    async def _told(self, connection: Connection, row: Row, occasion: str) -> Response:
        message = await wake(
            connection,
            self.org,
            ids.shown(ids.ESCROW, self.escrow),
            livemode=self.livemode,
            occasion=occasion,
            sealed=await word(self.parts.vault, self.org, livemode=self.livemode, why=occasion),
        )
        self.told += [message] if message else []
        await faultpoints.reach("escrow.decide.written")
        return answer(escrow_object(self.parts, row))

    async def _sealed(self, text: str) -> bytes:
        return await self.parts.vault.seal(
            self.org, livemode=self.livemode, field=NOTE, plain=text.encode()
        )
