"""What a merchant is owed, and what of it may be taken out. Pure."""

from dataclasses import dataclass
from typing import Any

from models.money import Money


@dataclass(frozen=True, slots=True, kw_only=True)
class MerchantBalance:
    """One currency. `owed` is the whole payable; `held` is set aside beside it.

    `pending`: captured, not settled by its rail yet. `reserved`: kept back for a while.
    `receivable`: what the merchant owes us.
    """

    owed: Money
    pending: Money
    reserved: Money
    held: Money
    receivable: Money

    @property
    def available(self) -> Money:
        """What payouts may take; below zero when refunds took what is not settled yet."""
        return self.owed - self.pending - self.reserved


def balance_object(balance: MerchantBalance) -> dict[str, Any]:
    """One currency in its public shape, minor units. Nobody takes out less than nothing."""
    return {
        "currency": balance.owed.currency,
        "total": balance.owed.minor,
        "available": max(balance.available.minor, 0),
        "pending": balance.pending.minor,
        "reserved": balance.reserved.minor,
        "held": balance.held.minor,
        "owed_to_us": balance.receivable.minor,
    }
