"""Reports about payouts whose workflow has ended: money that came back, evidence, or a case."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from pydantic import TypeAdapter
from temporalio import activity

from activities.late import Late
from models import ids, payout_returns
from models.late import LateOrder
from models.payout_order import PayoutOrder
from models.payout_states import PayoutState
from models.saga import SagaStep

if TYPE_CHECKING:
    from activities.sagas import Sagas
    from runtime.database import Database
    from runtime.vault import Vault

    Row = Mapping[str, Any]

_ORDER: TypeAdapter[PayoutOrder] = TypeAdapter(PayoutOrder)
_PAID = """
select s.state, t.payload_sealed, s.data->>'receipt' as shown, i.receipt, i.provider_reference,
       array(select e.provider_reference from evidence e
              where e.attempt_id = i.id and e.verdict = 'settled') as settled_as
  from sagas s left join starts t on t.id = %s left join instructions i on i.id = %s
 where s.id = %s"""


class PayoutReturns:
    """Weighs what comes after the end. What nobody proves is evidence, and a case."""

    def __init__(self, database: "Database", vault: "Vault", sagas: "Sagas", late: Late) -> None:
        self._database = database
        self._vault = vault
        self._sagas = sagas
        self._late = late

    @activity.defn(name="payout.late")
    async def weigh(self, order: LateOrder) -> str:
        """Answers in one word: returned, reversed, evidence or case."""
        org, mode = ids.parsed(ids.ORG, order.saga.org_id), order.saga.livemode
        about = ids.parsed(ids.INSTRUCTION, order.report.attempt_id)
        values = [order.saga.id, about, ids.parsed(ids.PAYOUT, order.saga.id)]
        async with self._database.scoped(org, mode) as connection:
            row = await (await connection.execute(_PAID, values)).fetchone()
        if row is None or row["state"] != PayoutState.PAID or not row["payload_sealed"]:
            return await self._late.weigh(order)
        plain = await self._vault.unseal(
            org, livemode=mode, field="start", sealed=row["payload_sealed"]
        )
        paid = _ORDER.validate_json(plain)
        if not payout_returns.came_back(paid, order.report):
            return await self._late.weigh(order)
        written = await self._sagas.commit(_step(paid, order, _names(row)))
        if written.applied:
            return str(payout_returns.ending(paid))
        return await self._late.weigh(order)  # its receipt is booked for something else


def _names(row: "Row") -> tuple[str | None, ...]:
    """What it left under."""
    return row["shown"], row["receipt"], row["provider_reference"], *row["settled_as"]


def _step(paid: PayoutOrder, order: LateOrder, names: tuple[str | None, ...]) -> SagaStep:
    back = payout_returns.money_back(paid, order.report, names)
    return SagaStep(
        key=f"{order.saga.id}/{back.to}",
        saga=order.saga,
        at=datetime.now(UTC),
        actor="kauri",
        believes=PayoutState.PAID,
        to=back.to,
        evidence=(order.report,),
        instruct=back.instruct,
        posting=back.posting,
        case=back.case,
        events=back.events,
        needs_review=True,
    )
