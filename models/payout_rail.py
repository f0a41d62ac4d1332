"""The ways money leaves: a wallet provider that pays out, or a bank's transfer. Pure."""

from dataclasses import dataclass
from enum import StrEnum

from models.charge import Limits, Terms
from models.places import Place


class PaysTo(StrEnum):
    """What a rail reaches."""

    WALLET = "wallet"
    BANK = "bank"


@dataclass(frozen=True, slots=True, kw_only=True)
class PayoutRail:
    """One rail as installed. `place`: our own account that money leaves from.

    `limits` are per payout; `countries` those of the numbers it reaches. `names_holders`: it
    can be asked who holds a wallet before money is sent there. `livemode`: the one mode whose
    money lies at `place`; None: either's.
    """

    name: str
    title: str
    pays_to: PaysTo
    countries: tuple[str, ...]
    limits: tuple[Limits, ...]
    terms: Terms
    place: Place
    names_holders: bool = False
    livemode: bool | None = None

    def limit(self, currency: str) -> Limits | None:
        """What one payout may carry in the currency; None where it carries none of it."""
        return next((one for one in self.limits if one.currency == currency), None)
