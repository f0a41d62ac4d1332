"""Whether what we hold for others is there: invariant I13, per currency. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from models.money import Money


@dataclass(frozen=True, slots=True, kw_only=True)
class Covered:
    """One currency. `backing`: banks, floats, clearing and receivables; `claims`: what is owed."""

    backing: Money
    claims: Money
    backed_by: Mapping[str, int]
    claimed_as: Mapping[str, int]

    @property
    def shortfall(self) -> Money:
        """The top-up that is needed; zero when everything is covered."""
        missing = self.claims - self.backing
        return missing if missing.minor > 0 else Money(0, missing.currency)


def covered(currency: str, lines: Iterable[tuple[str, str, int]]) -> Covered:
    """From `(side, word, balance)`: side is `backs` or `claims`, word names the account's kind."""
    sums: dict[str, dict[str, int]] = {"backs": {}, "claims": {}}
    for side, word, balance in lines:
        sums[side][word] = sums[side].get(word, 0) + balance
    return Covered(
        backing=Money(sum(sums["backs"].values()), currency),
        claims=Money(sum(sums["claims"].values()), currency),
        backed_by=sums["backs"],
        claimed_as=sums["claims"],
    )


def covered_object(found: Covered) -> dict[str, Any]:
    """One currency in its public shape, minor units."""
    return {
        "currency": found.backing.currency,
        "backing": found.backing.minor,
        "claims": found.claims.minor,
        "covered": found.shortfall.minor == 0,
        "top_up_needed": found.shortfall.minor,
        "backed_by": dict(sorted(found.backed_by.items())),
        "claimed_as": dict(sorted(found.claimed_as.items())),
    }
