"""What a merchant is owed, on the wire."""

from typing import Literal

from api.schemas.common import Outbound


class BalanceView(Outbound):
    """One currency, minor units. Payouts take from `available`.

    `pending`: captured, not settled by its rail yet. `reserved`: kept back for a while. `held`:
    set aside for refunds and payouts, beside the total. `owed_to_us`: what was taken back and
    could not be borne; netted from what comes.
    """

    currency: str
    total: int
    available: int
    pending: int
    reserved: int
    held: int
    owed_to_us: int


class BalanceList(Outbound):
    """Every currency the merchant was ever owed something in."""

    object: Literal["list"]
    data: list[BalanceView]
