"""Approved loans become sagas: each once, whoever sees it first and however often it is seen."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from pydantic import TypeAdapter

from activities.accepting import Newcomer, accept
from models import ids
from models.collection_confirmation import Confirming
from models.lending import Loan
from models.loan import LoanState
from models.loan_claims import Held, held_by
from models.loan_order import WORKFLOW, LoanOrder, claim_of
from models.loan_preflight import paid_amount
from models.saga import SagaKind, SagaRef, Shown

if TYPE_CHECKING:
    from runtime.database import Connection, Database
    from runtime.vault import Vault

_ORDER: TypeAdapter[LoanOrder] = TypeAdapter(LoanOrder)
#: By the lender's own number, whatever its address was then; one that ended unpaid comes last.
_HOLDERS = """
select distinct on (data->>'loan') id, state, data from sagas
 where org_id = app_org() and livemode = app_mode() and kind = 'loan_disbursement'
   and data->>'loan' = any(%s) and data->>'tenant' = %s
 order by data->>'loan', state in ('failed','rejected','reversed'), created_at desc"""
#: What ended without paying stands back for the new one; what paid never does.
_STAND_BACK = """
update sagas set claim = null
 where livemode = app_mode() and kind = 'loan_disbursement' and claim = %s
   and state in ('failed','rejected','reversed')"""
_IN_USE = "select product_id from loan_products where enabled and state = 'open'"
_PARTNER = "select name from orgs where id = %s"
_CONFIRMS = "select confirm_payouts from orgs where id = %s"


@dataclass(frozen=True, slots=True, kw_only=True)
class Lender:
    """Whose loans are accepted. `scale` shortens the sagas' waits in tests.

    `confirm`: M-Pesa is asked about a payout before it counts.
    """

    org: UUID
    livemode: bool
    tenant: str
    host: str
    partner: str
    scale: float
    confirm: bool = False

    def claim(self, loan_id: int) -> str:
        """What makes the loan one of a kind."""
        return claim_of(self.host, self.tenant, loan_id)


async def products_in_use(connection: "Connection") -> frozenset[int]:
    """The products new loans of which are paid out."""
    rows = await (await connection.execute(_IN_USE)).fetchall()
    return frozenset(row["product_id"] for row in rows)


async def partner_name(connection: "Connection", org: UUID) -> str:
    """What the partner is called."""
    row = await (await connection.execute(_PARTNER, [org])).fetchone()
    return str(row["name"]) if row else ""


async def confirms(connection: "Connection", org: UUID) -> bool:
    """Whether M-Pesa is asked about the organisation's payouts before they count."""
    row = await (await connection.execute(_CONFIRMS, [org])).fetchone()
    return row is not None and Confirming(row["confirm_payouts"]) is Confirming.QUERY


async def holders(
    connection: "Connection", lender: Lender, loan_ids: Iterable[int]
) -> Mapping[int, Held]:
    """Who of the partner has these loans, by one query however many they are."""
    numbers = [str(loan_id) for loan_id in loan_ids]
    rows = await (await connection.execute(_HOLDERS, [numbers, lender.tenant])).fetchall()
    return {row["data"]["loan"]: held_by(row, ids.shown(ids.LOAN, row["id"])) for row in rows}


async def take(
    database: "Database", vault: "Vault", lender: Lender, loans: Sequence[Loan], *, actor: str
) -> int:
    """Accept these loans in one transaction; returns how many nobody had taken."""
    new = [await _newcomer(vault, lender, loan, actor) for loan in loans]
    taken = 0
    async with database.scoped(lender.org, lender.livemode) as connection:
        for one in new:
            await connection.execute(_STAND_BACK, [one.claim])
            taken += await accept(connection, one) is not None
    return taken


async def _newcomer(vault: "Vault", lender: Lender, loan: Loan, actor: str) -> Newcomer:
    ref = SagaRef(
        id=ids.mint(ids.LOAN),
        kind=SagaKind.LOAN,
        org_id=ids.shown(ids.ORG, lender.org),
        livemode=lender.livemode,
    )
    order = LoanOrder(
        saga=ref,
        tenant=lender.tenant,
        loan_id=loan.id,
        account_no=loan.account_no or str(loan.id),
        host=lender.host,
        partner=lender.partner,
        confirm=lender.confirm,
        scale=lender.scale,
    )
    plain = _ORDER.dump_json(order)
    return Newcomer(
        ref=ref,
        state=LoanState.FOUND,
        workflow=WORKFLOW,
        sealed=await vault.seal(lender.org, livemode=lender.livemode, field="start", plain=plain),
        at=datetime.now(UTC),
        actor=actor,
        claim=lender.claim(loan.id),
        amount=paid_amount(loan),
        data=_shown(lender, loan),
    )


def _shown(lender: Lender, loan: Loan) -> dict[str, Shown]:
    principal: Any = loan.approved_principal
    amount: Any = paid_amount(loan)
    return {
        "tenant": lender.tenant,
        "loan": loan.id,
        "account_no": loan.account_no,
        "product_id": loan.product_id,
        "approved_on": loan.approved_on.isoformat() if loan.approved_on else None,
        "principal": principal.minor if principal else None,
        "amount": amount.minor if amount else None,
    }
