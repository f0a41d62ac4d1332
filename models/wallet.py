"""A partner's wallet as it is shown."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from models import ids
from models.moments import moment
from models.money import Money
from models.tariff import Quote


@dataclass(frozen=True, slots=True, kw_only=True)
class LowWallet:
    """The wallet has just fallen below its threshold."""

    balance: Money
    threshold: Money
    recommended: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class Wallet:
    """`available` may be spent; `held` is set aside until an outside answer is known."""

    available: Money
    held: Money


#: What an entry is to the wallet, by what it is about and its event.
_KINDS = {
    (ids.LOAN, "accepted"): "loan_charges_held",
    (ids.LOAN, "paid"): "loan_charges_released",
    (ids.LOAN, "refused"): "loan_charges_released",
    (ids.LOAN, "reversed"): "loan_charges_returned",
    (ids.TOPUP, "credited"): "top_up",
    (ids.TOPUP, "reversed"): "top_up_reversed",
    (ids.FLOAT_PURCHASE, "approved"): "float_held",
    (ids.FLOAT_PURCHASE, "hold_released"): "float_released",
    (ids.FLOAT_PURCHASE, "returned"): "float_returned",
}
#: Entries named after the money itself.
_CLAIMED = {"released": "suspense_claimed"}


def wallet_object(
    wallet: Wallet, alert: Mapping[str, Any] | None, *, livemode: bool
) -> dict[str, Any]:
    """The wallet in its public shape; `alert` is its row of `wallet_alerts`."""
    low = None if alert is None else wallet.available.minor < alert["threshold"]
    return {
        "object": "wallet",
        "currency": wallet.available.currency,
        "available": wallet.available.minor,
        "held": wallet.held.minor,
        "low": low,
        "alert": None
        if alert is None
        else {"threshold": alert["threshold"], "recommended": alert["recommended"]},
        "livemode": livemode,
    }


def quote_object(quote: Quote, *, held: Money) -> dict[str, Any]:
    """A quote in its public shape; `held` is what the wallet must have available."""
    return {
        "object": "charge_quote",
        "amount": quote.amount.minor,
        "currency": quote.amount.currency,
        "lines": [
            {
                "code": str(line.code),
                "net": line.net.minor,
                "tax": line.tax.minor,
                "tax_kind": line.tax_kind,
                "total": line.total.minor,
            }
            for line in quote.lines
        ],
        "charges": quote.charges.minor,
        "wallet_total": held.minor,
        "provider_fee": quote.provider_fee.minor if quote.provider_fee else None,
    }


def transaction_object(row: Mapping[str, Any], currency: str) -> dict[str, Any]:
    """What one entry did to the wallet: signed amount, and the balance after it."""
    prefix = ids.prefix_of(row["entry_id"])
    number = row["receipt"] and row["receipt"].split(":", 2)[2]
    return {
        "id": row["entry_id"],
        "object": "wallet_transaction",
        "kind": _KINDS.get((prefix, row["kind"])) or _CLAIMED.get(row["kind"], row["kind"]),
        "amount": row["amount"],
        "balance": row["balance"],
        "currency": currency,
        "about": row["about"],
        "receipt": number,
        "created_at": moment(row["at"]),
    }
