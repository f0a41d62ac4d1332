"""What M-Pesa and a lender's books say in the tests of a loan."""

from datetime import UTC, date, datetime
from typing import Any

from models.balances import BalancesTold
from models.charge import Terms
from models.loan_calls import Examined
from models.loan_order import Payable
from models.loan_preflight import Finding
from models.mobile_money import AccountBalance
from models.money import Money
from models.reading import Reading, Reason, Verdict
from models.tariff import ChargeLine, Quote, TariffCode

AMOUNT, PRINCIPAL = Money(950_000, "KES"), Money(1_000_000, "KES")
RECEIPT, PHONE = "TKL3XYZ9AB", "254712000001"
TAKEN = Reading(verdict=Verdict.PENDING, provider_reference="AG_1")
PAID = Reading(verdict=Verdict.SETTLED, amount=AMOUNT, receipt=RECEIPT, provider_code="0")
NO_FUNDS = Reading(verdict=Verdict.REFUSED, reason=Reason.INSUFFICIENT_FUNDS, provider_code="1")
NO_ACCOUNT = Reading(verdict=Verdict.REFUSED, reason=Reason.PAYEE_NOT_FOUND, provider_code="2040")
NOT_FOUND = Reading(verdict=Verdict.UNKNOWN, reason=Reason.NOT_FOUND)
BOOKED = Reading(verdict=Verdict.SETTLED, amount=PRINCIPAL, provider_reference="22")
UNBOOKED = Reading(verdict=Verdict.UNKNOWN, reason=Reason.NOT_FOUND)
LOCKED = Reading(verdict=Verdict.REFUSED, retryable=True, reason=Reason.LOCKED)
RUNNING = Reading(verdict=Verdict.REFUSED, retryable=True, reason=Reason.IN_PROGRESS)
PARKED = Reading(verdict=Verdict.PENDING, reason=Reason.PARKED)
DATE = Reading(verdict=Verdict.REFUSED, reason=Reason.DATE_REFUSED, provider_code="future.date")
OTHER_HAND = Reading(verdict=Verdict.UNKNOWN, reason=Reason.DUPLICATE)
DOWN = Reading(verdict=Verdict.UNKNOWN, reason=Reason.MAINTENANCE, provider_code="503")

PAYABLE = Payable(
    principal=PRINCIPAL,
    amount=AMOUNT,
    client_id=7,
    phone=PHONE,
    client="Jane Wanjiku",
    product_id=3,
    day=date(2026, 11, 21),
    approved_on=date(2026, 11, 20),
)
QUOTE = Quote(
    amount=AMOUNT,
    lines=(
        ChargeLine(code=TariffCode.PROCESSING_LOAN, net=Money(2_000, "KES"), tax=Money(0, "KES")),
    ),
    provider_fee=Money(1_100, "KES"),
)
GOOD = Examined(
    finding=Finding(payable=PAYABLE),
    quote=QUOTE,
    quoted_at=datetime(2026, 11, 21, tzinfo=UTC),
    short_code="600996",
)
TERMS = Terms(
    patience=0.3,
    ask_every=(0.2, 0.2, 0.3),
    settle_time=0.2,
    absence_proves=True,
    horizon=60.0,
    prompt_lifetime=30.0,
    resends=2,
    resend_pauses=(0.1,),
)


def holding(minor: int) -> BalancesTold:
    """The balances of a short code."""
    account = AccountBalance(account="Utility Account", available=Money(minor, "KES"))
    return BalancesTold(accounts=(account,))


def parks(reason: Any, detail: str = "") -> Examined:
    return Examined(finding=Finding(parks=reason, detail=detail))
