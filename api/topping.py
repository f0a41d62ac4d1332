"""Accepting a top-up: its row, its reference and its start, in the caller's transaction."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial

from pydantic import TypeAdapter
from starlette.responses import Response

from activities.accepting import Newcomer, accept
from api.answers import answer
from api.errors import MethodDown, Unavailable
from api.keys import Caller
from api.methods import wrong
from api.parts import Parts
from api.phones import phone_of
from api.schemas.topups import CreateTopUp
from models import ids, topup
from models.charge import Limits
from models.moments import moment
from models.money import Money
from models.places import BankAccount, ProviderWallet
from models.saga import SagaKind, SagaRef, Shown
from models.saga_view import saga_object
from models.topup import TopUpOrder, TopUpState, Via
from providers.ncba import amounts
from providers.registry import Ready
from runtime.database import Connection
from runtime.starting import topup_start

#: The provider whose prompt fills wallets, and the wallet it fills.
PROVIDER, WALLET, BANK = "mpesa", "collections", "ncba"
_ORDER = TypeAdapter(TopUpOrder)


@dataclass(slots=True)
class Topping:
    """One request; called with the open transaction, then sent.

    `carried`: the rail of the phone that is to ring lets it through now.
    """

    parts: Parts
    caller: Caller
    body: CreateTopUp
    carried: bool = True
    order: TopUpOrder | None = None

    async def __call__(self, connection: Connection) -> Response:
        """Accept it. Raises Invalid, MethodDown, Unavailable; the database refuses the rest."""
        self.order = order = self._order()
        sealed = await self.parts.vault.seal(
            self.caller.org,
            livemode=self.caller.livemode,
            field="start",
            plain=_ORDER.dump_json(order),
        )
        row = await accept(connection, self._newcomer(order, sealed))
        if row is None:
            raise RuntimeError("a new top-up claims nothing")
        return answer(saga_object(row), 201)

    def send(self) -> None:
        """After the commit: start it. Whatever fails here, the relay does."""
        if self.order is not None:
            dispatcher = self.parts.dispatcher
            dispatcher.soon(partial(dispatcher.start, topup_start(self.order)))

    def _newcomer(self, order: TopUpOrder, sealed: bytes) -> Newcomer:
        return Newcomer(
            ref=order.saga,
            state=TopUpState.AWAITING_MONEY,
            workflow=topup.WORKFLOW,
            sealed=sealed,
            at=datetime.now(UTC),
            actor=self.caller.principal,
            reference=order.reference,
            amount=order.amount,
            data=self._shown(order),
        )

    def _order(self) -> TopUpOrder:
        body, caller = self.body, self.caller
        saga = SagaRef(
            id=ids.mint(ids.TOPUP),
            kind=SagaKind.TOPUP,
            org_id=ids.shown(ids.ORG, caller.org),
            livemode=caller.livemode,
        )
        by_bank = body.via == "bank"
        ready = None if by_bank else self._provider()
        return TopUpOrder(
            saga=saga,
            amount=Money(body.amount, body.currency),
            reference=ids.top_up_reference(saga.id),
            via=Via(body.via),
            into=self._pool() if by_bank else ProviderWallet(provider=PROVIDER, wallet=WALLET),
            expires_at=datetime.now(UTC) + timedelta(seconds=body.expires_in),
            payer=self._payer(ready) if ready else None,
            terms=ready.terms if ready else None,
            wait_scale=self.parts.settings.wait_scale,
        )

    def _pool(self) -> BankAccount:
        if not self.parts.bank.configured:
            raise Unavailable("no bank account is configured for top-ups; use mobile_money")
        if self.parts.bank.livemode is not self.caller.livemode:
            raise Unavailable("the bank account is for keys of the other mode")
        if self.body.currency != amounts.CURRENCY:
            raise wrong("/currency", f"the bank account carries {amounts.CURRENCY}")
        return BankAccount(bank=BANK, account=self.parts.bank.pool_account)

    def _provider(self) -> Ready:
        ready = self.parts.providers.get(PROVIDER)
        if ready is None:
            raise Unavailable("mobile money is not configured for top-ups; use bank")
        if not self.carried:
            others = ["bank"] if self.parts.bank.configured else []
            told = f"{ready.offer.title} does not answer now; nothing was sent"
            raise MethodDown(told, headers={"Retry-After": "15"}, alternatives=others)
        _fits(self.body, ready.offer.limits)
        return ready

    def _payer(self, ready: Ready) -> str:
        if self.body.phone is None:
            raise wrong("/phone", "say whose phone is to ring")
        return phone_of(
            self.body.phone, countries=ready.offer.countries, pointer="/phone", whose=PROVIDER
        )

    def _shown(self, order: TopUpOrder) -> Mapping[str, Shown]:
        shown: dict[str, Shown] = {
            "via": str(order.via),
            "expires_at": moment(order.expires_at),
        }
        if isinstance(order.into, BankAccount):
            shown |= {"bank": order.into.bank, "account": order.into.account}
            shown["instructions"] = (
                f"Transfer to account {order.into.account} and write {order.reference} as the "
                "reference; money without it has to be looked for by people"
            )
        return shown


def _fits(body: CreateTopUp, limits: tuple[Limits, ...]) -> None:
    known = {limit.currency: limit for limit in limits}
    limit = known.get(body.currency)
    if limit is None:
        raise wrong("/currency", f"{PROVIDER} carries {', '.join(known)}")
    if not limit.minimum <= body.amount <= limit.maximum or body.amount % limit.step:
        detail = f"{limit.minimum} to {limit.maximum} in steps of {limit.step}"
        raise wrong("/amount", f"{PROVIDER} carries {detail}")
