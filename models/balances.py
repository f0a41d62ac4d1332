"""Balances a saga asked for, as they are told to it. Pure."""

from dataclasses import dataclass

from models.mobile_money import AccountBalance
from models.money import Money
from models.reading import Reading, Reason

#: Signal: the answer to a saga's question for balances.
BALANCES_TOLD = "balances_told"
#: The account payouts are made from.
_UTILITY = "utility"


@dataclass(frozen=True, slots=True, kw_only=True)
class BalancesTold:
    """What an organisation's accounts hold; `reason`: why nothing is told."""

    accounts: tuple[AccountBalance, ...] = ()
    reason: Reason | None = None

    @property
    def utility(self) -> Money | None:
        """What may be paid out; None where it was not told."""
        return self.of(_UTILITY)

    def of(self, word: str) -> Money | None:
        """The first account whose name begins with the word."""
        named = (one for one in self.accounts if one.account.lower().startswith(word))
        return next((one.available for one in named), None)


def told(accounts: tuple[AccountBalance, ...], reading: Reading) -> BalancesTold | None:
    """What a result says; None for one that says nothing, as a queue's time-out."""
    if not accounts and reading.provider_code is None:
        return None
    return BalancesTold(accounts=accounts, reason=None if accounts else reading.reason)
