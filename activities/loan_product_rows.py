"""The SQL of loan products: what the lender said becomes rows, and events where it matters."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from activities.telling import tell
from models import ids
from models.lending import Product
from models.loan_products import (
    ProductState,
    first_state,
    product_object,
    state_after,
    terms_of,
    usable,
)

if TYPE_CHECKING:
    from runtime.database import Connection

_KEPT = "select * from loan_products order by product_id for no key update"
_ADD = """
insert into loan_products (id, org_id, livemode, product_id, name, currency, terms, state,
  synced_at)
values (%(id)s, %(org)s, %(live)s, %(product)s, %(name)s, %(currency)s, %(terms)s, %(state)s,
  %(at)s)"""
_UPDATE = """
update loan_products set name = %(name)s, currency = %(currency)s, terms = %(terms)s,
  state = %(state)s, synced_at = %(at)s, version = version + %(moved)s::int,
  updated_at = case when %(moved)s then %(at)s else updated_at end
 where id = %(id)s returning *"""
_ONE = "select * from loan_products where product_id = %s"


@dataclass(frozen=True, slots=True, kw_only=True)
class Synced:
    """How many products are new, changed or closed since they were asked for last."""

    added: int = 0
    changed: int = 0
    closed: int = 0


async def by_product(connection: "Connection", product_id: int) -> Mapping[str, Any] | None:
    """The product of a loan as we keep it, with its limits; None: not synced yet."""
    return await (await connection.execute(_ONE, [product_id])).fetchone()


async def keep(
    connection: "Connection", org: UUID, products: Sequence[Product], *, livemode: bool
) -> Synced:
    """Write what the lender said of all its products, in the caller's transaction."""
    at = datetime.now(UTC)
    rows = await (await connection.execute(_KEPT)).fetchall()
    told = {product.id: product for product in products}
    moves = [await _kept(connection, row, told.pop(row["product_id"], None), at) for row in rows]
    for product in told.values():
        await _added(connection, org, product, at, livemode=livemode)
    return Synced(
        added=len(told),
        changed=moves.count(ProductState.CHANGED),
        closed=moves.count(ProductState.CLOSED),
    )


async def _added(
    connection: "Connection", org: UUID, product: Product, at: datetime, *, livemode: bool
) -> None:
    fields = {"id": ids.uuid7(), "org": org, "live": livemode, "product": product.id}
    fields |= {"name": product.name, "currency": product.currency, "at": at}
    fields |= {"terms": json.dumps(terms_of(product)), "state": first_state(product, at.date())}
    await connection.execute(_ADD, fields)


async def _kept(
    connection: "Connection", row: Mapping[str, Any], product: Product | None, at: datetime
) -> ProductState | None:
    """Update one row; the state it moved to, None when it stays as it was."""
    state = state_after(row, product, at.date())
    terms = terms_of(product) if product else row["terms"]
    fields: dict[str, Any] = {"id": row["id"], "state": state, "terms": json.dumps(terms), "at": at}
    fields |= {"name": product.name if product else row["name"]}
    fields |= {"currency": product.currency if product else row["currency"]}
    fields["moved"] = moved = state != row["state"] or terms != row["terms"]
    updated = await (await connection.execute(_UPDATE, fields)).fetchone()
    if not moved or updated is None:
        return None
    if state != row["state"] and state is not ProductState.OPEN:
        step = f"{ids.shown(ids.PRODUCT, row['id'])}/{updated['version']}"
        before = {"state": row["state"], "terms": row["terms"], "in_use": usable(row)}
        shown = product_object(updated)
        event = f"loan_product.{state}"
        await tell(connection, updated, event=event, step=step, shown=shown, previous=before)
    return state if state != row["state"] else None
