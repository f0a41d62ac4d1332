"""What an organisation chose about money that leaves, and what it costs. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID

from models.fees import FeeRule
from models.payout_order import NameCheck, PayoutKind

#: The provider of a limit that counts every rail together.
ALL = "*"


@dataclass(frozen=True, slots=True, kw_only=True)
class PayoutLimit:
    """How much may leave by one rail, or by all (`*`), in minor units. None: no limit.

    `per_day`, `per_hour`: the sum of a rolling day, the number of payouts of a rolling hour.
    """

    provider: str
    currency: str
    approval_above: int | None = None
    per_payout: int | None = None
    per_day: int | None = None
    per_hour: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Automatic:
    """Whom every charge is paid out to at once, sealed; `masked` may be shown."""

    sealed: bytes = field(repr=False)
    masked: str
    method: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PayoutPolicy:
    """Without a row of its own an organisation has these.

    `code_to`: the authorised user who is sent a code that whoever approves has to know.
    """

    name_check: NameCheck = NameCheck.SHOW
    approval_hours: int = 72
    code_to: UUID | None = None
    automatic: Automatic | None = None
    return_fee: bool = False
    tells_payee: bool = True
    fee: FeeRule = field(default_factory=FeeRule)
    withdrawal_fee: FeeRule = field(default_factory=FeeRule)

    def fee_rule(self, kind: PayoutKind) -> FeeRule:
        """What is charged for a payout of this kind: giving back what was paid costs nothing."""
        if kind is PayoutKind.REFUND_FALLBACK:
            return FeeRule()
        return self.withdrawal_fee if kind is PayoutKind.WITHDRAWAL else self.fee


def approval_needed(limits: Sequence[PayoutLimit], minor: int) -> bool:
    """True when the amount is above the lowest of the limits that name one."""
    above = [one.approval_above for one in limits if one.approval_above is not None]
    return bool(above) and minor > min(above)
