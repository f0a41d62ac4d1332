"""Payouts on the wire."""

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import AwareDatetime, ConfigDict, Field, StrictInt, StringConstraints

from api.schemas.common import PRINTABLE, Inbound, Outbound, Reference
from api.schemas.sagas import SagaView

TO_WALLET: dict[str, Any] = {
    "amount": 250_000,
    "currency": "KES",
    "payee": {"phone": "+254712000001", "name": "Amina Otieno"},
    "reference": "salary-2026-11-17",
    "purpose": "Salary November",
}
TO_BANK: dict[str, Any] = {
    "amount": 12_500_000,
    "currency": "KES",
    "method": "pesalink",
    "payee": {"bank": {"code": "01", "account": "1122334455", "name": "Amina Otieno"}},
    "purpose": "Invoice 77",
}
Name = Annotated[str, StringConstraints(min_length=1, max_length=100, pattern=PRINTABLE)]


class PayeeAccount(Inbound):
    """An account at a bank. `code`: the bank's clearing code; for RTGS its SWIFT BIC."""

    code: Annotated[str, StringConstraints(max_length=11, pattern=r"^[0-9A-Za-z]*$")]
    account: Annotated[str, StringConstraints(pattern=r"^[0-9A-Za-z]{4,34}$")]
    name: Name


class PayeeGiven(Inbound):
    """Who gets the money: a wallet by its phone number, or a bank account."""

    phone: Annotated[str | None, StringConstraints(min_length=5, max_length=24)] = None
    bank: PayeeAccount | None = None
    name: Annotated[
        Name | None, Field(description="As you know the holder; compared before money leaves.")
    ] = None


class CreatePayout(Inbound):
    """Money out of what you are owed. Without `method` the operator is told from the number."""

    model_config = ConfigDict(json_schema_extra={"examples": [TO_WALLET, TO_BANK]})

    amount: Annotated[StrictInt, Field(gt=0, le=10**15, description="Minor units.")]
    currency: Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")]
    payee: PayeeGiven
    purpose: Annotated[str, StringConstraints(min_length=1, max_length=60, pattern=PRINTABLE)]
    method: Annotated[str | None, StringConstraints(pattern=r"^[a-z0-9_]{2,32}$")] = None
    reference: Reference | None = None
    scheduled_at: AwareDatetime | None = None
    kind: Literal["payout", "withdrawal"] = "payout"


class ApprovalView(Outbound):
    """Who asked, until when, and who decided."""

    maker: str
    asked_at: datetime
    expires_at: datetime
    escalated_at: datetime | None
    decision: Literal["approve", "reject"] | None
    checker: str | None
    reason: str | None
    decided_at: datetime | None


class Payout(SagaView):
    """A payout. `payee` is masked; one by itself shows the holder's name and its approval."""

    object: Literal["payout"]


class PayoutList(Outbound):
    """A page of payouts."""

    object: Literal["list"]
    data: list[Payout]
    has_more: bool
    next_cursor: str | None


class ApprovalRequest(Inbound):
    """Why it is let go, or not."""

    reason: Annotated[str | None, StringConstraints(max_length=200, pattern=PRINTABLE)] = None
    code: Annotated[
        str | None,
        StringConstraints(pattern=r"^[0-9]{6}$"),
        Field(description="Where the policy's `code_to` has one sent."),
    ] = None


class ApprovalCode(Outbound):
    """A code was sent."""

    object: Literal["approval_code"]
    sent_to: str
    number: int
    expires_at: datetime


class LimitGiven(Inbound):
    """How much may leave by one rail, or by all together (`*`), in minor units."""

    provider: Annotated[str, StringConstraints(pattern=r"^(\*|[a-z0-9_]{2,32})$")] = "*"
    currency: Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")]
    approval_above: Annotated[StrictInt | None, Field(ge=0, le=10**15)] = None
    per_payout: Annotated[StrictInt | None, Field(gt=0, le=10**15)] = None
    per_day: Annotated[StrictInt | None, Field(gt=0, le=10**15)] = None
    per_hour: Annotated[StrictInt | None, Field(gt=0, le=1_000_000)] = None


class AutomaticGiven(Inbound):
    """Whom every charge is paid out to as soon as it is available."""

    payee: PayeeGiven
    method: Annotated[str | None, StringConstraints(pattern=r"^[a-z0-9_]{2,32}$")] = None


class AutomaticView(Outbound):
    """The same, masked."""

    payee: str
    method: str | None


class PutPayoutPolicy(Inbound):
    """All of it at once: what is left out is as without a policy."""

    name_check: Literal["off", "show", "ask", "refuse"] = "show"
    approval_hours: Annotated[StrictInt, Field(ge=1, le=720)] = 72
    code_to: Annotated[str | None, StringConstraints(max_length=40)] = None
    automatic: AutomaticGiven | None = None
    return_fee: bool = False
    tells_payee: bool = True
    limits: Annotated[tuple[LimitGiven, ...], Field(max_length=100)] = ()


class FeeGiven(Inbound):
    """Basis points of the amount and a fixed part in minor units."""

    basis_points: Annotated[StrictInt, Field(ge=0, le=10_000)] = 0
    fixed_minor: Annotated[StrictInt, Field(ge=0, le=10**12)] = 0


class PutPayoutFees(Inbound):
    """What the house charges an organisation for payouts and for withdrawals; tax on the fee."""

    payout: FeeGiven = FeeGiven()
    withdrawal: FeeGiven = FeeGiven()
    tax_basis_points: Annotated[StrictInt, Field(ge=0, le=10_000)] = 0


class PayoutPolicyView(Outbound):
    """What holds for payouts of the organisation; fees are the house's to set."""

    object: Literal["payout_policy"]
    name_check: Literal["off", "show", "ask", "refuse"]
    approval_hours: int
    code_to: str | None
    automatic: AutomaticView | None
    return_fee: bool
    tells_payee: bool
    fees: PutPayoutFees
    limits: list[LimitGiven]
