"""What the sweep tries: one cell is one checkout and one thing that goes wrong."""

import random
from dataclasses import dataclass

from simulators.faults import FAULTS, Calls

CHECKOUT, WEBHOOK = "checkout", "webhook"
TOPUP, LOAN, FLOAT = "wallet_topup", "loan", "float"
CASE, EXCEPTION, CREDIT, MESSAGE = "case", "exception", "bank_credit", "message"
COLLECTION = "collection"
BATCH, ESCROW, REFUND, CLEARING, PAYOUT = "payout_batch", "escrow", "refund", "clearing", "payout"
PROVIDERS = ("mpesa", "momo")
VICTIMS = ("worker", "api", "postgres", "temporal")


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """A fault point. `about`: which id it is armed for; empty: whoever comes first.

    `fault`: what the provider must do for a checkout to come by. `relayed`: the API's own start
    is held back, so that the relay starts the workflow. `waits`: its rail is down when it is
    confirmed, and back a moment later.
    """

    process: str
    name: str
    about: str = "checkout"
    fault: str = "paid"
    saga: str = CHECKOUT
    relayed: bool = False
    waits: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One thing to try: a victim killed at a point, or a fault of the provider.

    `silent`: besides its fault the provider does not call back. `of`: the saga, without a point.
    """

    provider: str
    fault: str
    victim: str = ""
    point: Point | None = None
    number: int = 0
    silent: bool = False
    of: str = CHECKOUT

    @property
    def saga(self) -> str:
        """The saga under test."""
        return self.point.saga if self.point else self.of

    @property
    def vault(self) -> bool:
        """True for what lenders do."""
        return self.saga in {TOPUP, LOAN, FLOAT, COLLECTION}

    @property
    def desk(self) -> bool:
        """True for what people decide, what is nobody's, and what people are told."""
        return self.saga in {CASE, EXCEPTION, CREDIT, MESSAGE}

    @property
    def money_out(self) -> bool:
        """True for the sagas of money out, each with a driver and a judge of its own."""
        return self.saga in {BATCH, ESCROW, REFUND, CLEARING, PAYOUT}

    @property
    def alone(self) -> bool:
        """True when its trouble is for whoever comes first: nobody else may be under way."""
        armed_for_anybody = (self.vault or self.money_out) and self.point is not None
        return (
            self.silent or armed_for_anybody or self.saga in {FLOAT, REFUND, CLEARING} or self.desk
        )

    @property
    def moment(self) -> str:
        """Where it goes wrong, in one word."""
        return self.point.name if self.point else self.fault + "+silence" * self.silent

    @property
    def kills(self) -> bool:
        """True when something is killed beside it: drawn checkouts are all in one storm."""
        return bool(self.victim or self.number)

    @property
    def name(self) -> str:
        """What `--only` matches: saga/provider/moment/victim."""
        last = f"/{self.number}" if self.number else ""
        return f"{self.saga}/{self.provider}/{self.moment}/{self.victim or 'provider'}{last}"


def _both(process: str, step: str, about: str = "checkout", fault: str = "paid") -> list[Point]:
    names = (f"{step}.before", f"{step}.after")
    return [Point(process=process, name=name, about=about, fault=fault) for name in names]


POINTS: tuple[Point, ...] = (
    Point(process="api", name="accept.before", about=""),
    Point(process="api", name="accept.written", about=""),
    Point(process="api", name="accept.after", about=""),
    *_both("api", "confirm"),
    *_both("api", "start"),
    Point(process="worker", name="relay.before", relayed=True),
    Point(process="worker", name="relay.after", relayed=True),
    Point(process="worker", name="fence.before"),
    *_both("worker", "prompt"),
    Point(process="worker", name="drain.before", waits=True),
    Point(process="worker", name="drain.after", waits=True),
    Point(process="worker", name="acknowledged.after"),
    *_both("api", "callback", about="attempt"),
    *_both("api", "signal"),
    *_both("worker", "ask", about="attempt", fault="no_callback"),
    Point(process="worker", name="book.before"),
    Point(process="worker", name="book.written"),
    Point(process="worker", name="book.after"),
    *_both("worker", "record", fault="declined"),
    *_both("worker", "stray", fault="out_of_order_callback"),
    Point(process="worker", name="notices.deliver.before", about="", saga=WEBHOOK),
    Point(process="worker", name="notices.deliver.after", about="", saga=WEBHOOK),
)


#: The answer is lost although the payer pays; without a callback nothing comes to the rescue.
_TEMPTING = ("lost_answer", "reset_mid_body", "error_after_accept")


def kills() -> list[Cell]:
    """Every victim at every point, for both providers."""
    return [
        Cell(provider=provider, fault=point.fault, victim=victim, point=point)
        for point in POINTS
        for victim in VICTIMS
        for provider in PROVIDERS
    ]


def faults() -> list[Cell]:
    """Every way a provider misbehaves, for both providers; and what tempts most to send again."""
    alone = [Cell(provider=name, fault=fault.name) for fault in FAULTS for name in PROVIDERS]
    tempting = [
        Cell(provider=name, fault=fault, silent=True) for fault in _TEMPTING for name in PROVIDERS
    ]
    return [*alone, *tempting]


def by_chance(seed: int, count: int) -> list[Cell]:
    """Checkouts with faults and kills drawn from the seed: the same seed, the same choice.

    Left out: a provider that refuses and takes the money later, once we know it refused. When
    the API is dead at its one late callback, only its statement can tell (docs/proof.md).
    """
    dice = random.Random(seed)  # noqa: S311 - the choice has to be repeatable
    troubles = [fault.name for fault in FAULTS[1:] if fault.calls is not Calls.EXPIRED_THEN_PAID]
    return [
        Cell(
            provider=dice.choice(PROVIDERS),
            fault=dice.choice(troubles) if dice.random() < 0.5 else "paid",
            victim=dice.choice(VICTIMS) if dice.random() < 0.2 else "",
            number=number,
        )
        for number in range(1, count + 1)
    ]
