"""The wallet, its transactions and what things cost, on the wire."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field

from api.schemas.common import Inbound, Outbound

#: Minor units; a wallet holds less than this.
Amount = Annotated[int, Field(gt=0, le=10**15)]
Currency = Annotated[str, Field(pattern=r"^[A-Z]{3}$", examples=["KES"])]


class AlertRequest(Inbound):
    """Tell us when less than `threshold` is available, and suggest topping up `recommended`."""

    threshold: Amount
    recommended: Amount
    currency: Currency = "KES"


class Alert(Outbound):
    """When the wallet counts as low, and what we then suggest to pay in."""

    threshold: int
    recommended: int


class WalletView(Outbound):
    """`available` may be spent; `held` is set aside until an outside answer is known."""

    object: Literal["wallet"]
    currency: str
    available: int
    held: int
    low: bool | None
    alert: Alert | None
    livemode: bool


class WalletTransaction(Outbound):
    """What one event did to `available`: signed `amount`, and the `balance` after it."""

    id: str
    object: Literal["wallet_transaction"]
    kind: str
    amount: int
    balance: int
    currency: str
    about: str | None
    receipt: str | None
    created_at: datetime


class WalletTransactionList(Outbound):
    """One page, newest first."""

    object: Literal["list"]
    data: list[WalletTransaction]
    has_more: bool
    next_cursor: str | None


class ChargeLineView(Outbound):
    """One charge: the fee, and the tax on it."""

    code: str
    net: int
    tax: int
    tax_kind: str
    total: int


class QuoteView(Outbound):
    """What one transaction would cost now.

    `charges` is the sum of `lines`; `wallet_total` what the wallet must have available;
    `provider_fee` what the provider takes from the partner's own account.
    """

    object: Literal["charge_quote"]
    amount: int
    currency: str
    lines: list[ChargeLineView]
    charges: int
    wallet_total: int
    provider_fee: int | None
