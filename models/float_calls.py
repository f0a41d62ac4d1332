"""What the activities of a float purchase are asked."""

from dataclasses import dataclass

from models.float_proof import Balances
from models.money import Money
from models.saga import SagaRef


@dataclass(frozen=True, slots=True, kw_only=True)
class StatementLook:
    """Did this money leave the account under our reference?"""

    saga: SagaRef
    instruction_id: str
    our_reference: str
    account: str
    amount: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class FloatLook:
    """Is the float there? `seen`: kinds that have shown it; `refused`: the bank called back no.

    `before` and `now`: the balances of the short code before the purchase, and the newest told.
    """

    money: StatementLook
    short_code: str
    seen: tuple[str, ...] = ()
    refused: bool = False
    before: Balances | None = None
    now: Balances | None = None
