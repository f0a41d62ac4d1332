"""Accepting an escrow: its saga, its checkout and both starts, in one transaction."""

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import Any

from psycopg import errors as sql
from pydantic import TypeAdapter
from starlette.responses import Response

from activities.accepting import Newcomer, accept
from api import drafts, rail_turns
from api.answers import answer
from api.errors import Problem, ReferenceInUse
from api.escrow_errors import EscrowReferenceInUse
from api.escrow_view import escrow_object
from api.keys import Caller
from api.methods import wrong
from api.parts import Parts
from api.queries import accepting
from api.queries import escrows as queries
from api.schemas.escrows import CreateEscrow
from models import faultpoints, ids
from models.checkout import CheckoutOrder
from models.escrow import EscrowState
from models.escrow_order import WORKFLOW, EscrowOrder, ReleaseRule
from models.events import payment_object
from models.money import Money
from models.saga import SagaKind, SagaRef, Shown
from runtime.database import Connection
from runtime.starting import checkout_start, escrow_start

_ORDER = TypeAdapter(EscrowOrder)
#: Whose references collide, by the constraint that says so.
_IN_USE: Mapping[str | None, type[Problem]] = {
    "sagas_reference": EscrowReferenceInUse,
    "payments_reference": ReferenceInUse,
}


@dataclass(slots=True)
class EscrowAcceptance:
    """One request; called with the open transaction, then sent.

    `carried`: the rail of the method to confirm by lets it through now.
    """

    parts: Parts
    caller: Caller
    body: CreateEscrow
    carried: bool = True
    order: EscrowOrder | None = None
    checkout: CheckoutOrder | None = None

    async def __call__(self, connection: Connection) -> Response:
        """Accept it. Raises Invalid, MethodDown, and ReferenceInUse or EscrowReferenceInUse."""
        if not self._rule.ever:
            raise wrong("/release", "say how the money is ever released")
        escrow, drafted = ids.uuid7(), drafts.session(self.body, self.caller)
        drafted = dataclasses.replace(drafted, checkout={**drafted.checkout, "escrow_id": escrow})
        await faultpoints.reach("escrow.accept.before")
        try:
            row = await self._accept(connection, drafted)
            await self._session(connection, drafted)
        except sql.UniqueViolation as error:
            in_use = _IN_USE.get(error.diag.constraint_name)
            if in_use is None:
                raise
            raise in_use("take another reference") from error
        payment = drafted.payment["id"]
        checkout = drafted.checkout["id"]
        await queries.keep(connection, row, checkout=checkout, payment=payment)
        await faultpoints.reach("escrow.accept.written")
        return answer(escrow_object(self.parts, row), 201)

    def send(self) -> None:
        """After the commit: start both. Whatever fails here, the relay does."""
        dispatcher = self.parts.dispatcher
        if self.order is not None:
            dispatcher.soon(partial(dispatcher.start, escrow_start(self.order)))
        if self.checkout is not None:
            dispatcher.soon(partial(dispatcher.start, checkout_start(self.checkout)))

    @property
    def _rule(self) -> ReleaseRule:
        terms = self.body.release
        return ReleaseRule(
            after=terms.after, on_proof=terms.on_proof, on_confirmation=terms.on_confirmation
        )

    async def _accept(self, connection: Connection, drafted: drafts.Session) -> Mapping[str, Any]:
        self.order = order = self._order(drafted)
        row = await accept(connection, await self._newcomer(order))
        if row is None:
            raise RuntimeError("an escrow claims nothing")
        return row

    async def _session(self, connection: Connection, drafted: drafts.Session) -> None:
        """The checkout it is paid through: the same rows as every other's."""
        tried, sealed = None, b""
        if self.body.confirm is not None:
            tried = await drafts.attempt(
                self.parts,
                self.body.confirm,
                checkout=drafted.checkout,
                payment=drafted.payment,
                carried=self.carried,
                pointer="/confirm",
            )
            self.checkout = drafts.checkout_order(self.parts, self.caller, tried.order, drafted)
            sealed = await drafts.sealed_start(self.parts, self.caller, self.checkout)
        row = tried.row if tried else None
        await accepting.add_session(
            connection,
            drafted.checkout,
            drafted.payment,
            row,
            sealed=sealed,
            actor=self.caller.principal,
            event={"object": payment_object(drafted.payment, row), "previous_attributes": {}},
        )
        if tried is not None:
            checkout = drafted.checkout["id"]
            await rail_turns.queue(connection, self.caller, checkout, tried.order)

    def _order(self, drafted: drafts.Session) -> EscrowOrder:
        caller, checkout = self.caller, drafted.checkout
        saga = SagaRef(
            id=ids.shown(ids.ESCROW, checkout["escrow_id"]),
            kind=SagaKind.ESCROW,
            org_id=ids.shown(ids.ORG, caller.org),
            livemode=caller.livemode,
        )
        return EscrowOrder(
            saga=saga,
            amount=Money(checkout["amount"], checkout["currency"]),
            checkout_id=ids.shown(ids.CHECKOUT, checkout["id"]),
            payment_id=ids.shown(ids.PAYMENT, drafted.payment["id"]),
            expires_at=checkout["expires_at"],
            rule=self._rule,
            fee=caller.fee,
            wait_scale=1.0 if caller.livemode else self.parts.settings.wait_scale,
        )

    async def _newcomer(self, order: EscrowOrder) -> Newcomer:
        caller = self.caller
        sealed = await self.parts.vault.seal(
            caller.org, livemode=caller.livemode, field="start", plain=_ORDER.dump_json(order)
        )
        return Newcomer(
            ref=order.saga,
            state=EscrowState.CREATED,
            workflow=WORKFLOW,
            sealed=sealed,
            at=datetime.now(UTC),
            actor=caller.principal,
            reference=self.body.reference,
            amount=order.amount,
            data=_shown(order),
        )


def _shown(order: EscrowOrder) -> dict[str, Shown]:
    """What it runs under, and that nothing has happened yet."""
    return {
        "checkout": order.checkout_id,
        "payment": order.payment_id,
        "release_after": order.rule.after,
        "on_proof": order.rule.on_proof,
        "on_confirmation": order.rule.on_confirmation,
        "release_at": None,
        "funded": 0,
        "released": 0,
        "refunded": 0,
        "refunding": 0,
        "fee": 0,
        "tax": 0,
    }
