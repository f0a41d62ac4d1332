"""Accepting a clearing move: its saga, its start and who has to allow it, in one transaction."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

from pydantic import TypeAdapter
from starlette.responses import Response

from activities import approval_rows
from activities.accepting import Newcomer, accept
from api.answers import answer
from api.errors import Conflict, Unavailable
from api.keys import TREASURY, Caller
from api.methods import wrong
from api.parts import Parts
from api.schemas.treasury import BankPlace, CapitalPlace, CreateMove, WalletPlace
from models import ids
from models.approval import terms
from models.clearing import ClearingState
from models.clearing_move import ALLOWED_WITHIN, WORKFLOW, ClearingOrder
from models.money import Money
from models.places import BankAccount, Capital, Origin, Place, ProviderWallet
from models.saga import SagaKind, SagaRef, Shown
from models.saga_view import saga_object
from runtime.database import Connection
from runtime.starting import clearing_start

#: The bank transfers can be sent through.
BANK = "ncba"
_ORDER = TypeAdapter(ClearingOrder)


@dataclass(slots=True)
class Moving:
    """One request; called with the open transaction, then sent."""

    parts: Parts
    caller: Caller
    body: CreateMove
    order: ClearingOrder | None = None

    async def __call__(self, connection: Connection) -> Response:
        """Accept it. Raises Invalid, Unavailable, and Conflict where nobody may allow it."""
        if not await approval_rows.somebody_may_approve(
            connection, self.caller.principal, TREASURY
        ):
            hint = "make a second person a key: kauri keys treasurer NAME"
            raise Conflict(f"nobody else may allow it; {hint}")
        now = datetime.now(UTC)
        self.order = order = self._order(now)
        row = await accept(connection, await self._newcomer(order, now))
        if row is None:
            raise RuntimeError("a move claims nothing")
        asked = terms(order.maker, now, life=ALLOWED_WITHIN)
        await approval_rows.open_approval(connection, row, asked)
        return answer(saga_object(row), 201)

    def send(self) -> None:
        """After the commit: start it. Whatever fails here, the relay does."""
        if self.order is not None:
            dispatcher = self.parts.dispatcher
            dispatcher.soon(partial(dispatcher.start, clearing_start(self.order)))

    def _order(self, now: datetime) -> ClearingOrder:
        body, caller = self.body, self.caller
        origin, destination = self._ends()
        saga = SagaRef(
            id=ids.mint(ids.CLEARING),
            kind=SagaKind.CLEARING,
            org_id=ids.shown(ids.ORG, caller.org),
            livemode=caller.livemode,
        )
        return ClearingOrder(
            saga=saga,
            amount=Money(body.amount, body.currency),
            origin=origin,
            destination=destination,
            reference=ids.top_up_reference(saga.id),
            maker=caller.principal,
            expires_at=now + timedelta(seconds=ALLOWED_WITHIN),
            to_account=body.to_account,
            watched=self._watched(destination),
            wait_scale=1.0 if caller.livemode else self.parts.settings.wait_scale,
        )

    def _ends(self) -> tuple[Origin, Place]:
        """Where from and where to. Raises Invalid."""
        origin, destination = _place(self.body.origin), _place(self.body.destination)
        if origin == destination:
            raise wrong("/destination", "it is there already")
        if isinstance(destination, Capital):
            raise wrong("/destination", "capital is only put in")
        if self.body.to_account is not None:
            self._through_the_bank(origin, destination)
        return origin, destination

    def _through_the_bank(self, origin: Origin, destination: Place) -> None:
        if not isinstance(origin, BankAccount) or origin.bank != BANK:
            raise wrong("/to_account", f"only moves out of {BANK} go through a bank")
        if not self.parts.bank.configured:
            raise Unavailable("no bank is configured; leave to_account out and move it by hand")
        if isinstance(destination, BankAccount) and destination.account != self.body.to_account:
            raise wrong("/to_account", "the destination is another account")

    def _watched(self, destination: Place) -> bool:
        """Credits of the pool account are told and followed anyway."""
        bank = self.parts.bank
        ours = isinstance(destination, BankAccount) and destination.bank == BANK
        return ours and bank.configured and destination.account != bank.pool_account

    async def _newcomer(self, order: ClearingOrder, now: datetime) -> Newcomer:
        caller = self.caller
        sealed = await self.parts.vault.seal(
            caller.org, livemode=caller.livemode, field="start", plain=_ORDER.dump_json(order)
        )
        return Newcomer(
            ref=order.saga,
            state=ClearingState.DRAFT,
            workflow=WORKFLOW,
            sealed=sealed,
            at=now,
            actor=caller.principal,
            reference=order.reference,
            amount=order.amount,
            data=self._shown(order),
        )

    def _shown(self, order: ClearingOrder) -> dict[str, Shown]:
        return {
            "from": _named(order.origin),
            "to": _named(order.destination),
            "to_account": order.to_account,
            "by": "bank" if order.to_account else "hand",
            "reason": self.body.reason,
            "asked_by": order.maker,
            "approved_by": None,
            "arrived": None,
        }


def _place(told: BankPlace | WalletPlace | CapitalPlace) -> Any:
    if isinstance(told, BankPlace):
        return BankAccount(bank=told.bank, account=told.account)
    if isinstance(told, WalletPlace):
        return ProviderWallet(provider=told.provider, wallet=told.wallet)
    return Capital()


def _named(place: Origin) -> str:
    return f"{place.rail}/{place.account}"
