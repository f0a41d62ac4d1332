"""Short codes: their app, their initiator, their accounts and every movement on them."""

from dataclasses import asdict, dataclass, field
from typing import Any, Literal

Account = Literal["working", "utility", "charges_paid"]
ACCOUNTS: tuple[Account, ...] = ("working", "utility", "charges_paid")


@dataclass(frozen=True, slots=True, kw_only=True)
class Movement:
    """One line of one account, in cents; `fee_minor` is what was charged for it elsewhere.

    `reference` is the caller's, `party` who was on the other side.
    """

    short_code: str
    account: Account
    kind: str
    amount_minor: int
    reference: str
    receipt: str
    party: str
    at: str
    fee_minor: int = 0


@dataclass(slots=True, kw_only=True)
class Organisation:
    """One short code. `opening` is what its accounts held at first, in cents.

    `charged`: B2C fees are taken from charges_paid, which may go below zero. `validates`:
    pay bill payments are asked about first. `tells_stk`: money of an STK push is confirmed as
    a pay bill payment too. `production`: addresses are registered once and for all.
    """

    short_code: str
    name: str
    consumer_key: str
    consumer_secret: str
    passkey: str
    initiator: str
    initiator_password: str
    opening: dict[str, int] = field(default_factory=dict)
    charged: bool = True
    validates: bool = False
    tells_stk: bool = False
    production: bool = False
    confirmation_url: str = ""
    validation_url: str = ""
    response_type: str = "Completed"
    wrong_tries: int = 0
    movements: list[Movement] = field(default_factory=list)
    balances: dict[str, int] = field(init=False)

    def __post_init__(self) -> None:
        """Begin with the opening balances."""
        self.balances = {name: self.opening.get(name, 0) for name in ACCOUNTS}

    @property
    def locked(self) -> bool:
        """Three wrong passwords in a row lock the initiator."""
        return self.wrong_tries >= 3

    def move(self, movement: Movement) -> None:
        """Put one movement on its account."""
        self.balances[movement.account] += movement.amount_minor
        self.movements.append(movement)

    def account(self) -> dict[str, Any]:
        """The short code as readers of the book see it."""
        return {
            "name": self.name,
            "balances": dict(self.balances),
            "opening": {name: self.opening.get(name, 0) for name in ACCOUNTS},
            "initiator_locked": self.locked,
            "registered": bool(self.confirmation_url),
            "movements": [asdict(movement) for movement in self.movements],
        }

    def kept(self) -> dict[str, Any]:
        """What its line in the file says: everything that was set, nothing that moved."""
        facts = asdict(self)
        del facts["movements"], facts["balances"]
        return facts
