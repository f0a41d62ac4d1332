"""Payouts: one customer paid from the partner's own short code, asked about, and looked into."""

import base64
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

from temporalio import activity

from activities.fence import Fence, Intent, shut
from activities.pulse import beating
from activities.reports import heard, report
from models import faultpoints, ids
from models.credentials import NoCredentials
from models.loan_calls import PaidDetails, PaidQuestion
from models.loan_receiver import same_number, same_person
from models.payout import Payout
from models.reading import ProviderReport, Reading, Reason, Source, Verdict
from models.saga import SagaRef
from providers.mpesa.details import read_payout_details, read_receiver, read_status_details

if TYPE_CHECKING:
    from runtime.database import Database
    from runtime.vault import Vault

#: Slugs of the addresses Daraja answers at: result, queue's time-out, status, balances.
RESULT, TIMEOUT, STATUS, BALANCES = "ke2", "ke3", "ke4", "ke5"

_MESSAGE = "select slug, payload_sealed from inbox where id = %s"


class PaysOut(Protocol):
    """A short code that pays. Each call raises Unreachable or Ambiguous."""

    async def pay(self, payout: Payout) -> Reading:
        """Pay one customer; PENDING is queued and nothing more."""
        ...

    async def ask(
        self,
        *,
        result_url: str,
        timeout_url: str,
        reference: str | None = None,
        receipt: str | None = None,
    ) -> Reading:
        """Ask what became of it; the answer comes by callback."""
        ...

    async def balance(self, *, result_url: str, timeout_url: str) -> Reading:
        """Ask for the balances; the answer comes by callback."""
        ...


class GivesShortCodes(Protocol):
    """Where a partner's short codes are kept."""

    async def mpesa(self, org_id: str, livemode: bool, purpose: str) -> PaysOut:  # noqa: FBT001 - the second half of the scope
        """The short code of a purpose. Raises NoCredentials."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class PayoutOrder:
    """One sending of one payout. `payee` is E.164 without the plus."""

    intent: Intent
    payee: str = field(repr=False)
    purpose: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PayoutQuestion:
    """What became of an instruction?"""

    saga: SagaRef
    instruction_id: str
    our_reference: str


class Payouts:
    """Pays once, asks as often as needed. `address` makes the URL of an owner and a slug."""

    def __init__(
        self,
        partners: GivesShortCodes,
        fence: Fence,
        address: Callable[[str, str], str],
        database: "Database",
        vault: "Vault",
    ) -> None:
        self._partners = partners
        self._fence = fence
        self._address = address
        self._database = database
        self._vault = vault

    @activity.defn(name="payout.pay")
    async def pay(self, order: PayoutOrder) -> ProviderReport:
        """Pay, once: the reference is durable before any byte leaves.

        Run again for the same sending it sends nothing and reports unknown; while an earlier
        instruction may have paid it sends nothing and says so.
        """
        named = order.intent.instruction_id
        async with beating():
            try:
                client = await self._b2c(order.intent.saga)
            except NoCredentials:
                no = Reading(verdict=Verdict.REFUSED, reason=Reason.CREDENTIALS)
                return report(named, Source.ACK, no)
            await faultpoints.reach("payout.fence.before", order.intent.saga.id)
            unsent = await shut(self._fence, order.intent)
            if unsent is not None:
                return report(named, Source.ACK, unsent)
            await faultpoints.reach("payout.before", order.intent.saga.id)
            reading = await heard(client.pay(self._payout(order)))
            await faultpoints.reach("payout.after", order.intent.saga.id)
            return report(named, Source.ACK, reading)

    @activity.defn(name="payout.ask")
    async def ask(self, question: PayoutQuestion) -> ProviderReport:
        """Ask what became of it; what comes back says only whether the question was taken."""
        await faultpoints.reach("payout.ask.before", question.saga.id)
        async with beating():
            client = await self._b2c(question.saga)
            url = self._address(question.instruction_id, STATUS)
            reading = await client.ask(
                result_url=url, timeout_url=url, reference=question.our_reference
            )
        await faultpoints.reach("payout.ask.after", question.saga.id)
        return report(question.instruction_id, Source.QUERY, reading)

    @activity.defn(name="payout.balance")
    async def balance(self, saga: SagaRef) -> Reading:
        """Ask for the balances of the short code; they come to the saga by callback.

        A refusal that names the credentials is an answer; without credentials it is that too.
        """
        async with beating():
            try:
                client = await self._b2c(saga)
            except NoCredentials:
                return Reading(verdict=None, reason=Reason.CREDENTIALS)
            url = self._address(saga.id, BALANCES)
            return await client.balance(result_url=url, timeout_url=url)

    @activity.defn(name="payout.details")
    async def details(self, question: PaidQuestion) -> PaidDetails:
        """What the proof says beside its verdict; nothing where people are the proof."""
        org = ids.parsed(ids.ORG, question.saga.org_id)
        row_id = ids.parsed(ids.EVIDENCE, question.evidence_id)
        async with self._database.scoped(org, question.saga.livemode) as connection:
            row = await (await connection.execute(_MESSAGE, [row_id])).fetchone()
        if row is None:
            return PaidDetails()
        plain = await self._vault.unseal(
            org, livemode=question.saga.livemode, field="inbox", sealed=row["payload_sealed"]
        )
        return _details(row, base64.b64decode(json.loads(plain)["raw"]), question)

    async def _b2c(self, saga: SagaRef) -> PaysOut:
        return await self._partners.mpesa(saga.org_id, saga.livemode, "b2c")

    def _payout(self, order: PayoutOrder) -> Payout:
        intent = order.intent
        if intent.amount is None:
            raise ValueError("a payout has an amount")
        return Payout(
            instruction_id=intent.instruction_id,
            reference=intent.our_reference,
            amount=intent.amount,
            payee=order.payee,
            purpose=order.purpose,
            result_url=self._address(intent.instruction_id, RESULT),
            timeout_url=self._address(intent.instruction_id, TIMEOUT),
        )


def _details(row: Mapping[str, Any], raw: bytes, question: PaidQuestion) -> PaidDetails:
    asked = row["slug"] == STATUS
    told = read_status_details(raw) if asked else read_payout_details(raw)
    return PaidDetails(
        completed_at=told.completed_at,
        same_name=same_person(told.receiver, question.client),
        same_number=same_number(read_receiver(raw), question.phone),
    )
