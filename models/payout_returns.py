"""Money of a payout that came back after it was paid: who may say so, and what it books. Pure."""

from collections.abc import Collection
from dataclasses import dataclass

from models.lifecycle import AttemptState
from models.payout_order import PayoutOrder, instruct, numbers
from models.payout_postings import PayoutReturned
from models.payout_rail import PaysTo
from models.payout_states import PayoutState
from models.places import ReceiptClaim
from models.reading import ProviderReport, Reason, Source, Verdict
from models.saga import Instruct, SagaCase

#: Whose word counts by itself; a callback counts from a bank, whose messages are proven.
_WITNESSES = frozenset({Source.QUERY, Source.STATEMENT, Source.OPERATOR})


@dataclass(frozen=True, slots=True, kw_only=True)
class MoneyBack:
    """What the step writes that books it, whoever writes it."""

    to: PayoutState
    instruct: Instruct
    posting: PayoutReturned
    case: SagaCase
    events: tuple[str, ...]


def came_back(order: PayoutOrder, report: ProviderReport) -> bool:
    """True when the report proves that the paid money is with us again."""
    told = report.reading
    back = report.verdict is Verdict.REFUSED and told.reason is Reason.REVERSED
    ours = report.attempt_id in numbers(order)
    by_bank = report.source is Source.CALLBACK and order.rail.pays_to is PaysTo.BANK
    proven = (report.source in _WITNESSES or by_bank) and not report.hint
    whole = told.amount in {None, order.amount}
    return back and ours and proven and whole


def ending(order: PayoutOrder) -> PayoutState:
    """A bank bounces, a wallet's provider takes back."""
    bank = order.rail.pays_to is PaysTo.BANK
    return PayoutState.RETURNED if bank else PayoutState.REVERSED


def money_back(
    order: PayoutOrder, report: ProviderReport, paid: Collection[str | None]
) -> MoneyBack:
    """The instruction it is about is reversed, and the money is owed again.

    `paid`: the names it left under; another one is claimed with the entry.
    """
    to = ending(order)
    return MoneyBack(
        to=to,
        instruct=_reversed(order, report),
        posting=_booked(order, report, paid),
        case=SagaCase(kind=f"payout_{to}", amount=order.amount),
        events=(f"payout.{to}",),
    )


def _reversed(order: PayoutOrder, report: ProviderReport) -> Instruct:
    return instruct(order, numbers(order)[report.attempt_id], AttemptState.REVERSED)


def _booked(
    order: PayoutOrder, report: ProviderReport, paid: Collection[str | None]
) -> PayoutReturned:
    said, place = report.reading, order.rail.place
    number = said.receipt or said.provider_reference
    claim = ReceiptClaim(rail=place.rail, account=place.account, number=number or "")
    return PayoutReturned(
        payout_id=order.saga.id,
        amount=order.amount,
        place=place,
        fee=order.fee if order.returns_fee else None,
        event="returned" if ending(order) is PayoutState.RETURNED else "reversed",
        receipt=claim if number and number not in paid else None,
    )
