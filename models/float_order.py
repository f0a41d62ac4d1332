"""What the saga of a float purchase is told, and what it reads back from its rows."""

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from models.charge import Terms
from models.float_proof import Balances, Paid, Where
from models.lifecycle import AttemptState
from models.money import Money
from models.places import BankAccount
from models.saga import SagaRef
from models.tariff import ChargeLine, total_of

WORKFLOW = "float-purchase"

#: Rails of a purchase's instructions.
TRANSFER, FLOAT, RETURN, MOVE = "ncba_transfer", "ncba_float", "ncba_return", "mpesa_b2b"

#: An internal transfer answers at once; else only the statement of today and tomorrow tells.
TRANSFER_TERMS = Terms(
    patience=30.0,
    ask_every=(30.0, 120.0, 600.0, 1800.0, 3600.0),
    settle_time=0.0,
    absence_proves=False,
    horizon=172_800.0,
    prompt_lifetime=120.0,
    resend_pauses=(60.0, 600.0, 3600.0),
)
#: Daraja tells a result within seconds.
MOVE_TERMS = Terms(
    patience=30.0,
    ask_every=(30.0, 60.0, 300.0, 1800.0),
    settle_time=0.0,
    absence_proves=False,
    horizon=86_400.0,
    prompt_lifetime=120.0,
)
_MOVED_NOTHING = frozenset({AttemptState.FAILED, AttemptState.REJECTED})
#: Seconds to wait for balances, and how often they are asked for.
BALANCE_WAIT, BALANCE_QUESTIONS = 30.0, 2
#: Seconds before each look for where bought float has landed.
LANDS_WITHIN = (0.0, 30.0, 60.0, 300.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class FloatOrder:
    """One purchase. `funding` is the account float is bought from; `deadline` in seconds."""

    saga: SagaRef
    amount: Money
    charges: tuple[ChargeLine, ...]
    short_code: str
    pool: BankAccount
    funding: str
    code_expires_at: datetime
    deadline: float
    wait_scale: float = 1.0

    @property
    def transfers(self) -> bool:
        """True when money has to reach the funding account first."""
        return self.funding != self.pool.account

    @property
    def total(self) -> Money:
        """What the wallet pays: float and charges."""
        return self.amount + total_of(self.charges, self.amount.currency)

    def float_terms(self) -> Terms:
        """The bank calls it a service of 24 hours; silence past the deadline is unknown."""
        return Terms(
            patience=30.0,
            ask_every=(30.0, 30.0, 60.0, 300.0, 900.0, 1800.0, 3600.0),
            settle_time=0.0,
            absence_proves=False,
            horizon=self.deadline * 1.5,
            prompt_lifetime=self.deadline,
            resend_pauses=(60.0, 600.0, 3600.0),
        )

    def move_terms(self) -> Terms:
        """People look after a day at most, and no later than they would look for the float."""
        return dataclasses.replace(MOVE_TERMS, horizon=min(MOVE_TERMS.horizon, self.deadline * 1.5))


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """The latest instruction of a rail."""

    number: int
    state: AttemptState


@dataclass(frozen=True, slots=True, kw_only=True)
class FloatFacts:
    """What the rows remember.

    `proven`: sources that have shown the float of the open instruction. `paid`, `unclear`: what
    left the short code for loans between `before` and the balances asked with, for sure and
    perhaps. `available`: the wallet's.
    """

    told: Mapping[str, Told] = field(default_factory=dict)
    before: Balances | None = None
    landed: Where | None = None
    proven: tuple[str, ...] = ()
    paid: Money | None = None
    unclear: tuple[Money, ...] = ()
    available: Money | None = None

    @property
    def between(self) -> Paid | None:
        """The payouts between both balances; None where one of the balances is not known."""
        return None if self.paid is None else Paid(sure=self.paid, unclear=self.unclear)

    @property
    def transferred(self) -> bool:
        """True when the pool account has paid the funding account."""
        last = self.told.get(TRANSFER)
        return last is not None and last.state is AttemptState.SUCCEEDED

    def number(self, rail: str) -> int:
        """The number of the instruction that is open on a rail, or of the one to come."""
        last = self.told.get(rail)
        if last is None:
            return 1
        return last.number if self.open(rail) else last.number + 1

    def open(self, rail: str) -> bool:
        """True when the rail's latest instruction may still move, or has moved, money."""
        last = self.told.get(rail)
        return last is not None and last.state not in _MOVED_NOTHING
