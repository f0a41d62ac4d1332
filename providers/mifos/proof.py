"""What the books themselves say about an order: the proof looked for after any answer. Pure."""

from collections.abc import Iterable

from models.lender_orders import Booking, Disbursement
from models.lending import GIVEN_OUT, Loan, LoanStatus, LoanTransaction
from models.reading import Reading, Reason, Verdict
from providers.contract import Decodes
from providers.mifos import records
from providers.mifos.errors import is_error, read_error
from providers.readings import UNREADABLE, about_a_question
from providers.wire import parse

#: Bytes. A loan with its schedule and every transaction is longer than other messages.
LONGEST = 4 * 1024 * 1024
_NOT_THERE = Reading(verdict=Verdict.UNKNOWN, reason=Reason.NOT_FOUND)


def loan_reader() -> Decodes:
    """A reader of `GET /loans/{id}`: settled by status and a disbursement that stands."""

    def read(body: bytes, http_status: int = 200) -> Reading:
        answer = parse(body, longest=LONGEST) if http_status // 100 == 2 else None
        if answer is None or is_error(answer):
            return about_a_question(read_error(body, http_status))
        loan = records.loan(answer)
        return _standing(loan) if loan else UNREADABLE

    return read


def disbursement_in(loan: Loan, order: Disbursement) -> Reading:
    """Whether this order is booked on the loan. Never refused: absence now proves little.

    DUPLICATE: the loan was given out by a transaction that is not ours.
    """
    mine = mine_in(loan.disbursed, order)
    if mine:
        fits = loan.id == order.loan_id and loan.status in GIVEN_OUT
        return _compared(mine, order, fits=fits)
    if loan.disbursed or loan.status in GIVEN_OUT:
        return Reading(verdict=Verdict.UNKNOWN, reason=Reason.DUPLICATE)
    return _NOT_THERE


def transaction_in(lines: Iterable[LoanTransaction], order: Booking, *, kind: str) -> Reading:
    """Whether this order is booked. MISMATCH: booked otherwise, or taken back by somebody."""
    mine = mine_in(lines, order)
    if mine is None:
        return _NOT_THERE
    return _compared(mine, order, fits=mine.kind == kind and not mine.reversed)


def mine_in(lines: Iterable[LoanTransaction], order: Booking) -> LoanTransaction | None:
    """The transaction of that order: by external id, or by receipt where old servers keep none.

    One that stands comes before one taken back.
    """
    mine = [line for line in lines if _named(line, order)]
    return min(mine, key=lambda line: line.reversed, default=None)


def _named(line: LoanTransaction, order: Booking) -> bool:
    if line.external_id is None:
        return line.receipt == order.receipt
    return line.external_id == order.external_id


def _compared(line: LoanTransaction, order: Booking, *, fits: bool) -> Reading:
    same = fits and line.amount == order.amount
    return Reading(
        verdict=Verdict.SETTLED if same else Verdict.UNKNOWN,
        reason=None if same else Reason.MISMATCH,
        amount=line.amount,
        our_reference=line.external_id or order.external_id,
        provider_reference=str(line.id),
        receipt=line.receipt,
    )


def _standing(loan: Loan) -> Reading:
    """A loan without an order to compare: what `kauri decode` shows."""
    verdict, reason = _verdict(loan)
    given = loan.disbursed[0] if loan.disbursed else None
    return Reading(
        verdict=verdict,
        reason=reason,
        provider_code=str(loan.status),
        amount=given.amount if given else loan.approved_principal,
        our_reference=given.external_id if given else None,
        provider_reference=str(loan.id),
        receipt=given.receipt if given else None,
    )


def _verdict(loan: Loan) -> tuple[Verdict, Reason | None]:
    if loan.status in {LoanStatus.WITHDRAWN, LoanStatus.REJECTED}:
        return Verdict.REFUSED, Reason.DECLINED
    if loan.status in GIVEN_OUT:
        return (Verdict.SETTLED, None) if loan.disbursed else (Verdict.UNKNOWN, Reason.NOT_FOUND)
    waits = loan.status in {LoanStatus.SUBMITTED, LoanStatus.APPROVED} and not loan.disbursed
    return (Verdict.PENDING, None) if waits else (Verdict.UNKNOWN, Reason.MISMATCH)
