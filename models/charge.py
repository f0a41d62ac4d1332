"""What a provider is asked to collect, and the terms it collects on."""

from dataclasses import dataclass, field
from datetime import datetime

from models.money import Money


@dataclass(frozen=True, slots=True, kw_only=True)
class Charge:
    """One instruction to collect money from one payer. `payer` is E.164 without the plus.

    `success_url`, `cancel_url`: where a provider's page sends the payer afterwards.
    `redirect_url`: the page the payer was given, where only its row still knows.
    `prompted_at`: when the prompt was answered, or its answer known to be lost.
    """

    attempt_id: str
    amount: Money
    payer: str
    callback_url: str
    description: str
    livemode: bool
    provider_reference: str | None = None
    success_url: str | None = None
    cancel_url: str | None = None
    redirect_url: str | None = None
    prompted_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """Ask one provider what became of one charge.

    `hinted`: only a message anybody could write tells the handle: a row that knows one goes first.
    """

    provider: str
    charge: Charge
    hinted: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """How a provider behaves in time. Seconds; scaled by the one wait setting in tests.

    `prompt_lifetime`: without a final word for this long the attempt counts as unknown.
    `patience`: silence after the prompt before the first question.
    `ask_every`: widening pauses between questions; the last repeats.
    `settle_time`: a "not found" younger than this proves nothing.
    `absence_proves`: whether "not found" after the settle time proves it was never received.
    `horizon`: unresolved for this long, the payment needs an operator's review.
    `resends`: how often the same attempt may be sent again once proven not received.
    """

    patience: float
    ask_every: tuple[float, ...]
    settle_time: float
    absence_proves: bool
    horizon: float
    prompt_lifetime: float = 120.0
    resends: int = 3
    resend_pauses: tuple[float, ...] = (1.0, 5.0, 20.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What one collection or payout may carry, in minor units of `currency`.

    `step` is the smallest unit.
    """

    currency: str
    minimum: int
    maximum: int
    step: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """A payment method as merchants see it."""

    provider: str
    title: str
    countries: tuple[str, ...]
    limits: tuple[Limits, ...] = field(default_factory=tuple)
