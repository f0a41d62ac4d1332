"""Where our own money lies, and the proof of one movement there."""

from dataclasses import dataclass
from typing import Annotated, Literal, TypeAlias

from pydantic import Field


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiptClaim:
    """The proof of one movement on one account, claimed once for ever with its other names."""

    rail: str
    account: str
    number: str
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class BankAccount:
    """Our pool account in a bank: partners' money."""

    bank: str
    account: str
    kind: Literal["bank"] = "bank"

    @property
    def rail(self) -> str:
        """Whose books it is in."""
        return self.bank


@dataclass(frozen=True, slots=True, kw_only=True)
class ProviderWallet:
    """Our wallet at a provider, as fine as the rail: `600000/utility` for M-Pesa."""

    provider: str
    wallet: str
    kind: Literal["wallet"] = "wallet"

    @property
    def rail(self) -> str:
        """Whose books it is in."""
        return self.provider

    @property
    def account(self) -> str:
        """What it is called there."""
        return self.wallet


#: Where our own money lies.
Place: TypeAlias = Annotated[BankAccount | ProviderWallet, Field(discriminator="kind")]


@dataclass(frozen=True, slots=True, kw_only=True)
class Capital:
    """The house's own money, put in from outside the books."""

    rail: Literal["house"] = "house"
    account: Literal["capital"] = "capital"
    kind: Literal["capital"] = "capital"


#: Where a move may come from.
Origin: TypeAlias = Annotated[BankAccount | ProviderWallet | Capital, Field(discriminator="kind")]
