"""What the demo plays: a payer, a provider's mood, and how it must end."""

from dataclasses import dataclass

_NUMBERS = {"mpesa": "2547000000", "momo": "2376700000"}
_PRICES = {"mpesa": (150_000, "KES"), "momo": (2_500, "XAF")}


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """One checkout. `suffix` chooses the simulator's behaviour (docs/simulators.md).

    `retry_suffix`: after a definite failure the payer tries again with this number. `cancels`:
    the merchant gives up after a failure. `late`: money that comes after the end. `accepts`:
    two operators accept the money held in review. `down`: how the provider is down at first.
    """

    title: str
    provider: str
    suffix: str
    status: str = "succeeded"
    checkout: str = "complete"
    retry_suffix: str = ""
    cancels: bool = False
    late: str = ""
    accepts: bool = False
    down: str = ""

    def phone(self, suffix: str = "") -> str:
        """The payer's number, E.164."""
        return f"+{_NUMBERS[self.provider]}{suffix or self.suffix}"

    @property
    def amount(self) -> int:
        """Minor units."""
        return _PRICES[self.provider][0]

    @property
    def currency(self) -> str:
        """ISO 4217."""
        return _PRICES[self.provider][1]


def _failed(title: str, provider: str, suffix: str) -> Scenario:
    return Scenario(
        title=title,
        provider=provider,
        suffix=suffix,
        status="canceled",
        checkout="canceled",
        cancels=True,
    )


CALM: tuple[Scenario, ...] = (
    Scenario(title="paid", provider="mpesa", suffix="00"),
    Scenario(title="paid", provider="momo", suffix="00"),
    _failed("declined", "mpesa", "01"),
    _failed("declined", "momo", "01"),
    _failed("cancelled by the payer", "mpesa", "02"),
    _failed("insufficient funds", "mpesa", "03"),
    _failed("insufficient funds", "momo", "03"),
    Scenario(title="wrong PIN, tries again", provider="mpesa", suffix="04", retry_suffix="00"),
    Scenario(title="no callback: asked", provider="mpesa", suffix="10"),
    Scenario(title="no callback: asked", provider="momo", suffix="10"),
    Scenario(title="duplicate callback", provider="mpesa", suffix="11"),
    Scenario(title="duplicate callback", provider="momo", suffix="11"),
    Scenario(title="callback before response", provider="momo", suffix="13"),
    Scenario(title="lost answer: unknown, asked", provider="momo", suffix="20"),
    Scenario(title="lost answer: callback tells", provider="mpesa", suffix="20"),
    Scenario(title="never received: sent again", provider="momo", suffix="21"),
    Scenario(title="server error after accept", provider="momo", suffix="26"),
    Scenario(title="wrong amount, two people accept", provider="momo", suffix="40", accepts=True),
    Scenario(
        title="late success after the end",
        provider="momo",
        suffix="15",
        status="canceled",
        checkout="canceled",
        cancels=True,
        late="late_money",
    ),
)

STORMY: tuple[Scenario, ...] = (
    Scenario(title="provider down, then back", provider="mpesa", suffix="00", down="busy"),
    Scenario(title="provider down, then back", provider="momo", suffix="00", down="503"),
)
