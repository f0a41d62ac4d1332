"""Rows as the API's accept transaction leaves them, and the steps a workflow would take."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg

from models import ids
from models.charge import Charge, Terms
from models.checkout import AttemptOrder, PromptOrder
from models.fees import FeeRule, fee_for
from models.lifecycle import AttemptState, CheckoutState, PaymentStatus
from models.money import Money
from models.reading import ProviderReport, Reading, Source, Verdict
from models.step import CaseKind, Posting, Step

ASKED = Money(10_000, "KES")
TERMS = Terms(patience=1, ask_every=(1,), settle_time=1, absence_proves=False, horizon=60)


@dataclass(frozen=True, slots=True, kw_only=True)
class Accepted:
    """One accepted checkout with one attempt."""

    org: str
    checkout: str
    payment: str
    attempt: str

    def prompt(self, sends: int = 0) -> PromptOrder:
        charge = Charge(
            attempt_id=self.attempt,
            amount=ASKED,
            payer="254700000001",
            callback_url="https://kauri.test/in/k1/x",
            description="order",
            livemode=False,
        )
        attempt = AttemptOrder(
            id=self.attempt, number=1, provider="mpesa", charge=charge, terms=TERMS
        )
        return PromptOrder(
            attempt=attempt,
            org_id=self.org,
            livemode=False,
            checkout_id=self.checkout,
            payment_id=self.payment,
            sends=sends,
        )

    def step(self, key: str, **changes: Any) -> Step:
        fields: dict[str, Any] = {
            "key": f"{self.checkout}/{key}",
            "org_id": self.org,
            "livemode": False,
            "checkout_id": self.checkout,
            "payment_id": self.payment,
            "attempt_id": self.attempt,
            "at": datetime.now(UTC),
            "actor": "provider:mpesa",
        }
        return Step(**{**fields, **changes})

    def report(self, verdict: Verdict, receipt: str | None = None) -> ProviderReport:
        return ProviderReport(
            attempt_id=self.attempt,
            source=Source.CALLBACK,
            reading=Reading(
                verdict=verdict, receipt=receipt, provider_reference=f"ws_{self.attempt[-12:]}"
            ),
            evidence_id=ids.mint(ids.EVIDENCE),
        )

    def settles(self, receipt: str = "", amount: Money = ASKED) -> Step:
        receipt = receipt or f"R{self.attempt[-8:]}"
        return self.step(
            "settle",
            attempt=AttemptState.SUCCEEDED,
            payment=PaymentStatus.SUCCEEDED,
            checkout=CheckoutState.COMPLETE,
            evidence=(self.report(Verdict.SETTLED, receipt),),
            posting=Posting(
                attempt_id=self.attempt,
                provider="mpesa",
                amount=amount,
                receipt=receipt,
                fee=fee_for(amount, FeeRule(basis_points=225)),
            ),
            events=("payment.succeeded",),
        )

    def suspends(self, case: CaseKind, amount: Money, receipt: str) -> Step:
        return self.step(
            f"{case}/{receipt}",
            evidence=(self.report(Verdict.SETTLED, receipt),),
            posting=Posting(
                attempt_id=self.attempt,
                provider="mpesa",
                amount=amount,
                receipt=receipt,
                suspense=case,
            ),
            case=case,
            events=("reconciliation.exception.opened",),
            needs_review=True,
        )


def accept(
    admin_url: str, *, attempt_state: str = "created", status: str = "processing"
) -> Accepted:
    """Insert an organisation with one confirmed checkout."""
    org, checkout, payment, attempt = (ids.uuid7() for _ in range(4))
    with psycopg.connect(admin_url) as connection:
        connection.execute(
            "insert into orgs (id, kind, name) values (%s, 'merchant', 'Duka')", [org]
        )
        connection.execute(
            """insert into checkouts (id, org_id, livemode, state, amount, currency, reference,
               expires_at) values (%s, %s, false, 'processing', 10000, 'KES', %s, %s)""",
            [checkout, org, checkout.hex, datetime.now(UTC) + timedelta(hours=1)],
        )
        connection.execute(
            """insert into payments (id, org_id, livemode, checkout_id, status, amount, currency,
               reference) values (%s, %s, false, %s, %s, 10000, 'KES', %s)""",
            [payment, org, checkout, status, checkout.hex],
        )
        connection.execute(
            """insert into attempts (id, org_id, livemode, payment_id, checkout_id, number,
               provider, state, amount, currency, payer_sealed, payer_lookup, payer_masked)
               values (%s, %s, false, %s, %s, 1, 'mpesa', %s, 10000, 'KES', '', '', '…001')""",
            [attempt, org, payment, checkout, attempt_state],
        )
    return Accepted(
        org=ids.shown(ids.ORG, org),
        checkout=ids.shown(ids.CHECKOUT, checkout),
        payment=ids.shown(ids.PAYMENT, payment),
        attempt=ids.shown(ids.ATTEMPT, attempt),
    )
