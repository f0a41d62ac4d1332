"""A partner's loan products: what its lender says, what we keep of it, what changed. Pure."""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import Any

from models import ids
from models.lending import Product
from models.moments import moment

#: Terms a partner enabled the product for; a change of any has to be confirmed.
_MATERIAL = ("currency", "decimals", "minimum", "maximum", "multi_disburse", "tranches")


class ProductState(StrEnum):
    """CHANGED: its terms are not those it was enabled for. CLOSED: it lends no more."""

    OPEN = "open"
    CHANGED = "changed"
    CLOSED = "closed"


def terms_of(product: Product) -> dict[str, Any]:
    """What is kept of a product besides its name: amounts are minor units, None is no bound."""
    return {
        "short_name": product.short_name,
        "currency": product.currency,
        "decimals": product.decimals,
        "minimum": product.minimum and product.minimum.minor,
        "maximum": product.maximum and product.maximum.minor,
        "multi_disburse": product.multi_disburse,
        "tranches": product.tranches,
        "closes_on": product.closes_on and product.closes_on.isoformat(),
    }


def state_after(row: Mapping[str, Any], product: Product | None, today: date) -> ProductState:
    """The state of a kept product once its lender was asked; None: the lender has it no more."""
    if product is None or not product.active or _over(product, today):
        return ProductState.CLOSED
    state = ProductState(row["state"])
    if not row["enabled"]:
        return ProductState.OPEN
    if state is ProductState.OPEN and _same(row["terms"], terms_of(product)):
        return ProductState.OPEN
    return ProductState.CHANGED


def first_state(product: Product, today: date) -> ProductState:
    """The state of a product seen for the first time."""
    over = not product.active or _over(product, today)
    return ProductState.CLOSED if over else ProductState.OPEN


def _over(product: Product, today: date) -> bool:
    return product.closes_on is not None and product.closes_on < today


def _same(old: Mapping[str, Any], new: Mapping[str, Any]) -> bool:
    return all(old.get(name) == new[name] for name in _MATERIAL)


def usable(row: Mapping[str, Any]) -> bool:
    """Whether new loans of the product are paid out."""
    return bool(row["enabled"]) and row["state"] == ProductState.OPEN


def product_object(row: Mapping[str, Any]) -> dict[str, Any]:
    """A product as its partner sees it. Limits are minor units of its currency."""
    return {
        "id": ids.shown(ids.PRODUCT, row["id"]),
        "object": "loan_product",
        "product_id": row["product_id"],
        "name": row["name"],
        "currency": row["currency"],
        "terms": row["terms"],
        "state": row["state"],
        "enabled": row["enabled"],
        "in_use": usable(row),
        "per_loan_limit": row["per_loan_limit"],
        "per_day_limit": row["per_day_limit"],
        "per_client_day_limit": row["per_client_day_limit"],
        "livemode": row["livemode"],
        "synced_at": moment(row["synced_at"]),
        "created_at": moment(row["created_at"]),
        "updated_at": moment(row["updated_at"]),
    }
