"""One clearing move on its way: what its stages share, and the words of its endings."""

from models.bank_credit import AMOUNT_DIFFERS
from models.clearing import ClearingState
from models.clearing_move import TRANSFER, ClearingOrder
from models.clearing_postings import ClearingArrived, ClearingReturned, ClearingSent
from models.ids import instruction_id, originator_reference
from models.lifecycle import AttemptState
from models.places import Origin, ReceiptClaim
from models.reading import ProviderReport
from models.saga import Instruct, SagaCase
from models.suspense import CreditSuspended
from workflows.leg_plan import Ears
from workflows.saga import OPENED, Change, Saga


class ClearingRun:
    """The run's memory. `arrivals`: what was said of the move itself and is not weighed yet.

    `said_by`: whose word a piece of evidence is, where it is a treasurer's.
    """

    def __init__(self, order: ClearingOrder) -> None:
        self.order = order
        ends = f"from {order.origin.rail} to {order.destination.rail}"
        self.saga = Saga(order.saga, ClearingState.DRAFT, f"{order.amount} {ends}")
        self.ears = Ears()
        self.arrivals: list[ProviderReport] = []
        self.said_by: dict[str, str] = {}
        self.out: str | None = None

    @property
    def instruct(self) -> Instruct:
        """The one instruction of a move through the bank."""
        named = instruction_id(self.order.saga.id, TRANSFER, 1)
        return Instruct(
            id=named,
            rail=TRANSFER,
            number=1,
            our_reference=originator_reference(named),
            state=AttemptState.CREATED,
            amount=self.order.amount,
        )

    def actor(self, report: ProviderReport) -> str:
        """Who stands behind what was said."""
        return self.said_by.get(report.evidence_id, "kauri")

    def left(self) -> ClearingSent:
        """It is between the two."""
        order = self.order
        return ClearingSent(
            move_id=order.saga.id,
            amount=order.amount,
            origin=order.origin,
            destination=order.destination,
        )

    def arrived(self, report: ProviderReport) -> Change:
        """What came is there; less than was sent is a cost."""
        order, came = self.order, report.reading.amount or self.order.amount
        posting = ClearingArrived(
            move_id=order.saga.id,
            amount=order.amount,
            came=came,
            origin=order.origin,
            destination=order.destination,
            receipt=self._there(report),
        )
        return Change(
            to=ClearingState.ARRIVED,
            actor=self.actor(report),
            evidence=(report,),
            posting=posting,
            shows={"arrived": came.minor, "receipt": report.reading.receipt},
            events=("clearing_move.arrived",),
            needs_review=False,
            closes="arrived",
        )

    def returned(self, report: ProviderReport) -> Change:
        """It is back where it came from, under the number it came back with, if one is told."""
        order, number = self.order, report.reading.receipt
        posting = ClearingReturned(
            move_id=order.saga.id,
            amount=order.amount,
            origin=order.origin,
            destination=order.destination,
            receipt=_claim(report, order.origin, number) if number else None,
        )
        return Change(
            to=ClearingState.RETURNED,
            actor=self.actor(report),
            evidence=(report,),
            posting=posting,
            events=("clearing_move.returned",),
            needs_review=False,
            closes="returned",
        )

    def rejected(self, reason: str, change: Change | None = None, actor: str = "kauri") -> Change:
        """No money moved."""
        return Change(
            to=ClearingState.REJECTED,
            reason=reason,
            actor=actor,
            shows={"rejected_for": reason},
            evidence=change.evidence if change else (),
            instruct=change.instruct if change else None,
            events=("clearing_move.rejected",),
            needs_review=False,
            closes="rejected",
        )

    def held(self, report: ProviderReport) -> Change:
        """Money under our reference that this move cannot be: nobody's until people decide."""
        claim = self._there(report)
        amount = report.reading.amount or self.order.amount
        posting = CreditSuspended(
            amount=amount, into=self.order.destination, receipt=claim, about=self.order.saga.id
        )
        kind = "late_money" if self.saga.final else AMOUNT_DIFFERS
        case = SagaCase(kind=kind, cause=report.evidence_id, amount=amount)
        return Change(evidence=(report,), posting=posting, case=case, events=(OPENED,))

    def _there(self, report: ProviderReport) -> ReceiptClaim:
        """The proof of it at the other end; without a number, the evidence itself."""
        number = report.reading.receipt or report.evidence_id
        return _claim(report, self.order.destination, number)


def _claim(report: ProviderReport, where: Origin, number: str) -> ReceiptClaim:
    other = report.reading.provider_reference
    return ReceiptClaim(
        rail=where.rail,
        account=where.account,
        number=number,
        aliases=(other,) if other and other != number else (),
    )
