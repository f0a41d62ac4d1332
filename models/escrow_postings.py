"""Money that leaves an escrow for its merchant, as a step carries it."""

from dataclasses import dataclass
from typing import Literal

from models.fees import Fee
from models.money import Money


@dataclass(frozen=True, slots=True, kw_only=True)
class EscrowReleased:
    """A part is the merchant's, less the fee of that part; `{escrow}/{part}/released`."""

    escrow_id: str
    part: int
    amount: Money
    fee: Fee
    kind: Literal["escrow_released"] = "escrow_released"
