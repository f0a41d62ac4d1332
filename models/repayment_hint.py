"""A lender says that a repayment was entered: read back, and told to the client once."""

from dataclasses import dataclass

REPAYMENT_HINT = "repayment-hint"


@dataclass(frozen=True, slots=True, kw_only=True)
class RepaymentHint:
    """Which transaction of which loan, in whose books."""

    org_id: str
    livemode: bool
    loan_id: int
    transaction_id: int
