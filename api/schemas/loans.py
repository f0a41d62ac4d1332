"""Loan disbursements on the wire."""

from datetime import date, datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict

from api.schemas.common import Outbound, Words
from api.schemas.sagas import SagaView
from models.loan_decisions import PostingWord, ReversalWord


class LoanView(SagaView):
    """One disbursement. `amount` is what the client gets, `principal` what the lender books.

    `parked_for` says what a waiting loan lacks, `needed` how much of it.
    """

    object: Literal["loan_disbursement"]
    loan: int
    account_no: str
    tenant: str
    principal: int | None = None
    charges: int | None = None
    provider_fee: int | None = None
    approved_on: date | None = None
    parked_for: str | None = None
    parked_detail: str | None = None
    needed: int | None = None
    receipt: str | None = None
    paid_at: datetime | None = None
    receiver_matches: bool | None = None
    disbursed_at: datetime | None = None
    failure: str | None = None
    failure_detail: str | None = None


class LoanList(Outbound):
    """One page, newest first."""

    object: Literal["list"]
    data: list[LoanView]
    has_more: bool
    next_cursor: str | None


class LoanRequest(Outbound):
    """What was set going; its effect shows in the loans themselves."""

    object: Literal["loan_poll", "loan_retry", "loan_reversal"]
    about: str | None
    requested: bool


class DecidePosting(BaseModel):
    """Book it once more, or believe that somebody booked it by hand."""

    model_config = ConfigDict(extra="forbid")
    decision: PostingWord
    reason: Words


class DecideReversal(BaseModel):
    """M-Pesa took the payment back: undo the lender's booking, or leave it."""

    model_config = ConfigDict(extra="forbid")
    decision: ReversalWord
    reason: Words
