"""Money for a top-up by phone that has ended: asked about, then held in suspense with a case."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Protocol

from pydantic import TypeAdapter
from temporalio import activity

from activities.pulse import beating
from models import ids
from models.evidence import merged
from models.late import LateOrder
from models.reading import ProviderReport, Verdict
from models.saga import SagaCase, SagaStep, SagaWritten
from models.topup import TopUpOrder, suspended

if TYPE_CHECKING:
    from runtime.database import Database
    from runtime.vault import Vault

_STANDS = """
select s.state, t.payload_sealed from sagas s join starts t on t.id = %(name)s
 where s.id = %(id)s"""
_ORDER = TypeAdapter(TopUpOrder)


class Asks(Protocol):
    """Who knows what became of a prompt: `activities.top_ups.TopUps`."""

    async def ask(self, order: TopUpOrder, handle: str | None) -> ProviderReport:
        """Ask with the provider's own handle. Raises Unreachable or Ambiguous."""
        ...


class Writes(Protocol):
    """The one writer of sagas."""

    async def commit(self, step: SagaStep) -> SagaWritten:
        """Write a step, or say why not."""
        ...


class LateTopUps:
    """A success that came after the end: the money is in our wallet and nobody's yet."""

    def __init__(self, database: "Database", vault: "Vault", prompts: Asks, sagas: Writes) -> None:
        self._database = database
        self._vault = vault
        self._prompts = prompts
        self._sagas = sagas

    @activity.defn(name="topup.late")
    async def weigh(self, late: LateOrder) -> str:
        """Confirm the unsigned word, and hold what is confirmed: once per receipt.

        Answers `suspended`, `known` for a receipt that is booked, or `evidence`.
        """
        async with beating():
            state, order = await self._order(late)
            answer = await self._prompts.ask(order, late.report.reading.provider_reference)
        report = merged(late.report, answer, order.amount)
        settled = report.verdict is Verdict.SETTLED
        written = await self._sagas.commit(_step(late, report, state, order if settled else None))
        if not settled:
            return "evidence"
        return "suspended" if written.applied else "known"

    async def _order(self, late: LateOrder) -> tuple[str, TopUpOrder]:
        org, name = ids.parsed(ids.ORG, late.saga.org_id), late.saga.id
        values = {"name": name, "id": ids.parsed(ids.TOPUP, name)}
        async with self._database.scoped(org, late.saga.livemode) as connection:
            row = await (await connection.execute(_STANDS, values)).fetchone()
        if row is None:
            raise LookupError(f"{name} was never accepted")
        plain = await self._vault.unseal(
            org, livemode=late.saga.livemode, field="start", sealed=row["payload_sealed"]
        )
        return row["state"], _ORDER.validate_json(plain)


def _step(
    late: LateOrder, report: ProviderReport, state: str, order: TopUpOrder | None
) -> SagaStep:
    """The evidence; with `order` the money too, and the question what is to become of it."""
    came = report.reading.amount or (order.amount if order else None)
    case = SagaCase(kind="late_money", cause=report.attempt_id, amount=came)
    return SagaStep(
        key=f"{late.saga.id}/late/{late.report.evidence_id}",
        saga=late.saga,
        at=datetime.now(UTC),
        actor="kauri",
        believes=state,
        evidence=(report,),
        posting=suspended(order, report) if order else None,
        case=case if order else None,
        events=("reconciliation.exception.opened",) if order else (),
        needs_review=True if order else None,
    )
