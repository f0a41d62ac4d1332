"""What a poll or a hook does with an approved loan that may be known already. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from models.lending import Loan, LoanStatus
from models.loan import PAID_STATES, LoanState


class Sighting(StrEnum):
    """ACCEPT: a saga begins. SUSPECT: it was paid, and looks as if it was not: look again."""

    ACCEPT = "accept"
    KNOWN = "known"
    SUSPECT = "suspect"


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """The saga that holds a loan's claim."""

    id: str
    state: LoanState
    approved_on: str | None


def held_by(row: Mapping[str, Any], shown: str) -> Held:
    """Out of its row."""
    return Held(id=shown, state=LoanState(row["state"]), approved_on=row["data"].get("approved_on"))


def sighting(loan: Loan, held: Held | None, *, asked: bool = False) -> Sighting:
    """An approved loan was seen. `held`: the saga that has it, ended or not.

    A rejected one was not approved when we looked: now it is. After a failure or a reversal only
    a new approval, or somebody who asks, begins again.
    """
    if held is None or held.state is LoanState.REJECTED:
        return Sighting.ACCEPT
    changed = _approved_anew(loan, held)
    if held.state in {LoanState.FAILED, LoanState.REVERSED}:
        return Sighting.ACCEPT if changed or asked else Sighting.KNOWN
    if held.state is LoanState.DISBURSED:
        return Sighting.SUSPECT
    if held.state in PAID_STATES and changed:
        return Sighting.SUSPECT
    return Sighting.KNOWN


def changed_after_payment(loan: Loan, held: Held) -> bool:
    """Read again, both after the sighting: whether what we paid is no longer what is booked."""
    if held.state not in PAID_STATES or loan.status != LoanStatus.APPROVED:
        return False
    return held.state is LoanState.DISBURSED or _approved_anew(loan, held)


def _approved_anew(loan: Loan, held: Held) -> bool:
    approved = loan.approved_on.isoformat() if loan.approved_on else None
    return held.approved_on is not None and approved is not None and approved != held.approved_on
