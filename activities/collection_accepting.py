"""A payment on a pay bill becomes a saga: each once, however often it is told."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from pydantic import TypeAdapter

from activities.accepting import Newcomer, accept
from activities.loan_accepting import partner_name
from models import ids
from models.account_matching import shown_reference
from models.collection import CollectionState
from models.collection_confirmation import Confirming
from models.collection_order import PROMPT, WORKFLOW, CollectionOrder, claim_of
from models.saga import Shown

if TYPE_CHECKING:
    from uuid import UUID

    from runtime.database import Connection

ORDER: TypeAdapter[CollectionOrder] = TypeAdapter(CollectionOrder)
#: The prompt a bill reference names: what we told the phone to show.
_RUNG = """
select n.id, s.id as saga_id, s.state from instructions n join sagas s on s.id = n.saga_id
 where n.rail = %s and n.our_reference = %s and s.kind = 'c2b_receipt'"""
_KNOWN = """
select s.id from sagas s where s.kind = 'c2b_receipt' and s.data->>'receipt' = %(receipt)s
union all select n.saga_id from instructions n
 where n.receipt = %(receipt)s and n.rail = %(rail)s limit 1"""
_TENANT = "select shown->>'tenant' as tenant from credentials where kind = 'mifos'"
_SHORT_CODE = """
select short_code from credentials where id = %(id)s
union all select short_code from kept_addresses where address = %(id)s"""
_CONFIRM = "select confirm from collection_rules where org_id = app_org() and livemode = app_mode()"
_VALIDATED = "select 1 from inbox where id = %s and slug = 'ke7'"


@dataclass(frozen=True, slots=True, kw_only=True)
class PayBill:
    """Whose pay bill it is, as its rows say."""

    short_code: str
    tenant: str
    partner: str


async def pay_bill(connection: "Connection", org: "UUID", credential: "UUID") -> PayBill:
    """The partner behind a credential, deleted or not. What is missing the saga finds out."""
    code = await (await connection.execute(_SHORT_CODE, {"id": credential})).fetchone()
    lender = await (await connection.execute(_TENANT)).fetchone()
    return PayBill(
        short_code=(code and code["short_code"]) or "",
        tenant=(lender and lender["tenant"]) or "default",
        partner=await partner_name(connection, org),
    )


async def rung(connection: "Connection", bill_reference: str | None) -> Mapping[str, Any] | None:
    """The prompt whose money this is; None where none is, or it ended without money."""
    written = (bill_reference or "").strip().upper()
    row = await (await connection.execute(_RUNG, [PROMPT, written])).fetchone()
    ended = row is not None and row["state"] == CollectionState.FAILED
    return None if row is None or ended else row


async def confirms(connection: "Connection") -> bool:
    """Whether the partner wants M-Pesa asked before a payment counts; unless told, it does."""
    row = await (await connection.execute(_CONFIRM)).fetchone()
    return row is None or Confirming(row["confirm"]) is Confirming.QUERY


async def seen(connection: "Connection", receipt: str) -> bool:
    """Whether a collection of this partner has the receipt."""
    values = {"receipt": receipt, "rail": PROMPT}
    return await (await connection.execute(_KNOWN, values)).fetchone() is not None


async def validated(connection: "Connection", third_party_id: str | None) -> str | None:
    """Our own question before the money moved, where the confirmation names it."""
    try:
        row_id = ids.parsed(ids.EVIDENCE, third_party_id or "")
    except ids.BadId:
        return None
    known = await (await connection.execute(_VALIDATED, [row_id])).fetchone()
    return third_party_id if known else None


async def take(
    connection: "Connection", order: CollectionOrder, sealed: bytes, actor: str
) -> Mapping[str, Any] | None:
    """Accept it with its start; None when its receipt is taken."""
    paid = order.paid
    shown: dict[str, Shown] = {
        "via": "pay_bill" if paid else "stk",
        "written": shown_reference(order.account),
        "short_code": order.short_code,
    }
    if paid:
        shown |= {"receipt": paid.receipt, "validated": paid.validation_id is not None}
    new = Newcomer(
        ref=order.saga,
        state=order.state,
        workflow=WORKFLOW,
        sealed=sealed,
        at=datetime.now(UTC),
        actor=actor,
        claim=claim_of(order.short_code, paid.receipt) if paid else None,
        reference=None,
        amount=order.amount,
        data=shown,
    )
    return await accept(connection, new)
