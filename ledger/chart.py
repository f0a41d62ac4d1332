"""The chart of accounts: every account is built here and its name is typed nowhere else.

An account is (name, currency, livemode). Debit-normal: assets, expenses. Credit-normal:
liabilities, income. Memo accounts mirror somebody else's money and say their own side.
"""

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from uuid import UUID

from models.ids import ORG, PLATFORM_ORG, shown

#: Accounts are values: the busy ones are built once.
_kept = lru_cache(maxsize=4096)
_PART = re.compile(r"[A-Za-z0-9][A-Za-z0-9_./-]{0,63}")


class AccountType(StrEnum):
    """What an account counts."""

    ASSET = "asset"
    LIABILITY = "liability"
    INCOME = "income"
    EXPENSE = "expense"
    MEMO = "memo"


class Side(StrEnum):
    """The side of a line, and the side on which an account grows."""

    DEBIT = "debit"
    CREDIT = "credit"


class Coverage(StrEnum):
    """Whether an account backs what customers may claim, is such a claim, or neither."""

    BACKS = "backs"
    CLAIMS = "claims"
    NONE = "none"


class Mirror(StrEnum):
    """Parts of a partner's own M-Pesa that we follow: what lies there, and what it is for."""

    B2C_FLOAT = "b2c_float"
    B2C_CHARGES = "b2c_charges"
    B2C_OWNED = "b2c_owned"
    PAYBILL = "paybill"
    COLLECTIONS = "collections"
    SUSPENSE = "suspense"


_MIRROR_SIDES = {
    Mirror.B2C_FLOAT: Side.DEBIT,
    Mirror.B2C_CHARGES: Side.DEBIT,
    Mirror.B2C_OWNED: Side.CREDIT,
    Mirror.PAYBILL: Side.DEBIT,
    Mirror.COLLECTIONS: Side.CREDIT,
    Mirror.SUSPENSE: Side.CREDIT,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """One account. `owner` is an organisation or the house; `overdraft`: may go below zero.

    `busy`: touched by everybody's entries, so the database spreads it over several rows.
    """

    name: str
    type: AccountType
    normal: Side
    owner: UUID = PLATFORM_ORG
    coverage: Coverage = Coverage.NONE
    overdraft: bool = False
    busy: bool = False


@_kept
def provider_float(provider: str, wallet: str) -> Account:
    """Our money in a provider's wallet, as fine as the rail: `600000/utility` for M-Pesa."""
    name = f"provider:{_part(provider)}:{_part(wallet)}:float"
    return _asset(name, Coverage.BACKS, overdraft=wallet.endswith("/charges_paid"), busy=True)


def provider_receivable(provider: str) -> Account:
    """Captured on a rail that settles net, not yet paid out to us."""
    return _asset(f"provider:{_part(provider)}:receivable", Coverage.BACKS)


def trust_bank(bank: str, account: str) -> Account:
    """Customers' money in a bank."""
    return _asset(f"bank:{_part(bank)}:{_part(account)}:trust", Coverage.BACKS)


def operating_bank(bank: str, account: str) -> Account:
    """Our own money in a bank; it covers nobody's claim."""
    return _asset(f"bank:{_part(bank)}:{_part(account)}:operating")


def clearing(origin: str, destination: str) -> Account:
    """Sent from one float or bank, not yet confirmed at the other."""
    return _asset(f"clearing:{_part(origin)}:{_part(destination)}", Coverage.BACKS)


@_kept
def payable(org: UUID) -> Account:
    """Owed to the merchant."""
    return _claim(f"merchant:{shown(ORG, org)}:payable", org)


def held(org: UUID) -> Account:
    """Reserved for refunds and payouts whose outcome is not known yet."""
    return _claim(f"merchant:{shown(ORG, org)}:held", org)


@_kept
def merchant_receivable(org: UUID) -> Account:
    """What an outside fact took from the merchant below zero; netted from later credits."""
    return _asset(f"merchant:{shown(ORG, org)}:receivable", owner=org)


def escrow(org: UUID, number: str) -> Account:
    """One escrow's money, apart from every other's."""
    return _claim(f"{escrows(org)}{_part(number)}", org)


def escrows(org: UUID) -> str:
    """How the names of all its escrows begin."""
    return f"escrow:{shown(ORG, org)}:"


@_kept
def suspense(provider: str) -> Account:
    """Received in our wallets, and nobody could be credited with it yet."""
    return _claim(f"suspense:{_part(provider)}")


def suspense_held(provider: str) -> Account:
    """Suspense money on its way back to the payer."""
    return _claim(f"suspense:{_part(provider)}:held")


@_kept
def fees(kind: str) -> Account:
    """Our fees, net of tax."""
    return _house(f"house:fees:{_part(kind)}", AccountType.INCOME, Side.CREDIT)


@_kept
def tax(kind: str) -> Account:
    """Tax taken with our fees and owed to the state."""
    return _house(f"house:tax:{_part(kind)}", AccountType.LIABILITY, Side.CREDIT)


def costs(vendor: str) -> Account:
    """What a provider, bank or SMS gateway charges us. Customer charges never credit it."""
    return _house(f"house:costs:{_part(vendor)}", AccountType.EXPENSE, Side.DEBIT)


def capital() -> Account:
    """The house's own money in its floats and banks: nobody's claim."""
    return _house("house:capital", AccountType.LIABILITY, Side.CREDIT)


@_kept
def partner_wallet(org: UUID) -> Account:
    """What the partner paid in and may spend."""
    return _claim(f"partner:{shown(ORG, org)}:wallet", org)


@_kept
def partner_wallet_held(org: UUID) -> Account:
    """Set aside in the wallet until an outside answer is known."""
    return _claim(f"partner:{shown(ORG, org)}:wallet_held", org)


@_kept
def partner_receivable(org: UUID) -> Account:
    """What a bank took back below an empty wallet; netted from later top-ups."""
    return _asset(f"partner:{shown(ORG, org)}:receivable", owner=org)


@_kept
def mirror(org: UUID, part: Mirror) -> Account:
    """One of the partner's own M-Pesa accounts, or what stands against them."""
    return partner_memo(org, part, _MIRROR_SIDES[part])


def partner_memo(org: UUID, part: str, normal: Side) -> Account:
    """A mirror of a partner's own account: not our money, may go below zero."""
    return Account(
        name=f"partner:{shown(ORG, org)}:{_part(part)}",
        type=AccountType.MEMO,
        normal=normal,
        owner=org,
        overdraft=True,
    )


def _asset(
    name: str,
    coverage: Coverage = Coverage.NONE,
    *,
    owner: UUID = PLATFORM_ORG,
    overdraft: bool = False,
    busy: bool = False,
) -> Account:
    return Account(
        name=name,
        type=AccountType.ASSET,
        normal=Side.DEBIT,
        owner=owner,
        coverage=coverage,
        overdraft=overdraft,
        busy=busy,
    )


def _house(name: str, kind: AccountType, normal: Side) -> Account:
    return Account(name=name, type=kind, normal=normal, busy=True)


def _claim(name: str, owner: UUID = PLATFORM_ORG) -> Account:
    return Account(
        name=name,
        type=AccountType.LIABILITY,
        normal=Side.CREDIT,
        owner=owner,
        coverage=Coverage.CLAIMS,
    )


def _part(text: str) -> str:
    if not _PART.fullmatch(text):
        raise ValueError(f"{text[:40]!r} cannot be part of an account name")
    return text
