"""Accepting a payout over HTTP: read, predicted, checked, and accepted in one transaction."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

from psycopg import errors as sql
from starlette.responses import Response

from activities.payout_accepting import PayoutDesk, accept_payout, ready
from api.answers import answer
from api.currencies import known_currency
from api.errors import Problem
from api.keys import Caller
from api.methods import wrong
from api.parts import Parts
from api.payout_errors import (
    NobodyMayApprove,
    PayableInsufficient,
    PayoutLimitExceeded,
    PayoutReferenceInUse,
)
from api.phones import international, phone_of
from api.schemas.payouts import CreatePayout, PayeeGiven
from api.times import SKEW, to_come
from ledger import availability
from models.money import Money
from models.operators import operator_of
from models.payout_order import (
    BankPayee,
    Payee,
    PayoutDraft,
    PayoutKind,
    PayoutNotTaken,
    PayoutOrder,
    PayoutRefusal,
)
from models.payout_states import PayoutState
from models.saga_view import saga_object
from runtime.database import Connection
from runtime.starting import payout_start

_PROBLEMS: Mapping[PayoutRefusal, type[Problem]] = {
    PayoutRefusal.LIMIT_EXCEEDED: PayoutLimitExceeded,
    PayoutRefusal.NOBODY_MAY_APPROVE: NobodyMayApprove,
}


@dataclass(slots=True)
class Paying:
    """One request; called with the open transaction, then sent."""

    parts: Parts
    caller: Caller
    body: CreatePayout
    order: PayoutOrder | None = None

    async def ready(self) -> None:
        """What has to be at hand before the transaction."""
        await ready(desk_of(self.parts), self._draft())

    async def __call__(self, connection: Connection) -> Response:
        """Accept it. Raises what it is refused for; then nothing is written."""
        try:
            accepted = await accept_payout(connection, desk_of(self.parts), self._draft())
        except PayoutNotTaken as error:
            raise _refused(error) from error
        except sql.UniqueViolation as error:
            if error.diag.constraint_name != "sagas_reference":
                raise
            raise PayoutReferenceInUse("take another reference") from error
        if accepted.order is not None:
            await _owed(connection, self.caller, accepted.order)
        self.order = accepted.order
        return answer(saga_object(accepted.row), 201)

    def send(self) -> None:
        """After the commit: start it. Whatever fails here, the relay does."""
        if self.order is not None:
            dispatcher = self.parts.dispatcher
            dispatcher.soon(partial(dispatcher.start, payout_start(self.order)))

    def _draft(self) -> PayoutDraft:
        body, caller = self.body, self.caller
        known_currency(body.currency, "/currency")
        to_come(body.scheduled_at, "/scheduled_at", late=SKEW)
        return PayoutDraft(
            org=caller.org,
            livemode=caller.livemode,
            amount=Money(body.amount, body.currency),
            payee=payee_of(self.parts, body.payee, body.method),
            maker=caller.principal,
            purpose=body.purpose,
            method=body.method,
            kind=PayoutKind(body.kind),
            reference=body.reference,
            scheduled_at=body.scheduled_at,
        )


def payee_of(parts: Parts, given: PayeeGiven, method: str | None) -> Payee:
    """Who is meant. Raises Invalid for a number that is none."""
    wallet = _wallet(parts, given.phone, method) if given.phone is not None else None
    if given.bank is None:
        return Payee(wallet=wallet, name=given.name)
    bank = given.bank
    account = BankPayee(bank=bank.code, account=bank.account, name=bank.name)
    return Payee(wallet=wallet, bank=account, name=given.name or bank.name)


def _wallet(parts: Parts, phone: str, method: str | None) -> str:
    """National numbers are understood where the rail says of which country they are."""
    rail = parts.payout_rails.get(method or "")
    if rail is None or not rail.countries:
        return international(phone, pointer="/payee/phone")
    return phone_of(phone, countries=rail.countries, pointer="/payee/phone", whose=rail.title)


def desk_of(parts: Parts) -> PayoutDesk:
    """Where payouts of this process are accepted."""
    return PayoutDesk(
        vault=parts.vault,
        rails=parts.payout_rails,
        predicts=operator_of,
        scale=parts.settings.wait_scale,
    )


async def _owed(connection: Connection, caller: Caller, order: PayoutOrder) -> None:
    """What is known to be too little now is said now; the hold decides again. Raises."""
    if order.scheduled_at is not None or order.approval is not None:
        return
    owed = await availability.owed(connection, caller.org, order.amount.currency)
    missing = (order.amount + order.fee.total - owed).minor
    if missing > 0:
        told = f"{order.amount + order.fee.total} are needed, {owed} are owed to you"
        raise PayableInsufficient(told, missing=str(missing))


def _refused(error: PayoutNotTaken) -> Problem:
    problem = _PROBLEMS.get(error.code)
    return problem(str(error)) if problem else wrong(error.field, str(error))


#: Where a payout may still be taken back.
CANCELABLE = frozenset(
    {
        PayoutState.DRAFT,
        PayoutState.REQUIRES_APPROVAL,
        PayoutState.SCHEDULED,
        PayoutState.QUEUED,
    }
)
