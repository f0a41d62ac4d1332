"""Loan products on the wire: what the lender offers, and which of it is paid out."""

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import Field

from api.schemas.common import Inbound, Outbound
from models.loan_products import ProductState

#: Minor units; PostgreSQL's bigint, and JavaScript's safe integers.
Limit = Annotated[int, Field(gt=0, le=2**53 - 1, examples=[5_000_000])]


class ProductChange(Inbound):
    """What to change; a member left out stays. `enabled: true` also confirms changed terms."""

    enabled: bool | None = None
    per_loan_limit: Limit | None = None
    per_day_limit: Limit | None = None
    per_client_day_limit: Limit | None = None


class ProductView(Outbound):
    """A loan product. `in_use`: enabled, open and confirmed; only then new loans are paid out."""

    id: str
    object: Literal["loan_product"] = "loan_product"
    product_id: int
    name: str
    currency: str
    terms: dict[str, Any]
    state: ProductState
    enabled: bool
    in_use: bool
    per_loan_limit: int | None
    per_day_limit: int | None
    per_client_day_limit: int | None
    livemode: bool
    synced_at: datetime
    created_at: datetime
    updated_at: datetime


class ProductList(Outbound):
    """Loan products, the newest first."""

    object: Literal["list"] = "list"
    data: list[ProductView]
    has_more: bool
    next_cursor: str | None


class SyncView(Outbound):
    """What the lender said that was new to us."""

    object: Literal["loan_product_sync"] = "loan_product_sync"
    added: int
    changed: int
    closed: int
