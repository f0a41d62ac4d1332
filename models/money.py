"""Money: integer minor units and an ISO 4217 currency. Never a float."""

from dataclasses import dataclass
from decimal import Context, Decimal, Inexact, InvalidOperation, Overflow

# ISO 4217 exponents of the currencies our rails carry.
EXPONENTS = {
    "EUR": 2, "GHS": 2, "KES": 2, "TZS": 2, "USD": 2, "ZMW": 2, "NGN": 2, "ZAR": 2,
    "CDF": 2, "GMD": 2, "MGA": 2, "MWK": 2, "SCR": 2,
    "RWF": 0, "UGX": 0, "XAF": 0, "XOF": 0, "GNF": 0, "BIF": 0,
}  # fmt: skip


#: Nothing is rounded, and no number is larger than any amount: 1e900000 takes minutes to become
#: an int.
_EXACT = Context(prec=40, Emax=40, traps=[Overflow, InvalidOperation, Inexact])


class CurrencyMismatch(ValueError):
    """Two amounts of different currencies were combined or compared."""


class FractionNotCarried(ValueError):
    """The rail takes whole units only and the amount has a fraction."""


@dataclass(frozen=True, slots=True, order=False)
class Money:
    """An amount in minor units (KES cents, whole XAF).

    Raises ValueError for a currency without a known exponent.
    """

    minor: int
    currency: str

    def __post_init__(self) -> None:
        if self.currency not in EXPONENTS:
            raise ValueError(f"currency {self.currency!r} is not supported")

    def __add__(self, other: "Money") -> "Money":
        self._same(other)
        return Money(self.minor + other.minor, self.currency)

    def __sub__(self, other: "Money") -> "Money":
        self._same(other)
        return Money(self.minor - other.minor, self.currency)

    def whole(self) -> int:
        """Major units as an integer; raises FractionNotCarried rather than drop a cent."""
        scale = int(Decimal(1).scaleb(EXPONENTS[self.currency]))
        units, rest = divmod(self.minor, scale)
        if rest:
            raise FractionNotCarried(f"{self} has a fraction; this rail carries whole units only")
        return units

    def decimal(self) -> Decimal:
        """Major units, exact."""
        return Decimal(self.minor).scaleb(-EXPONENTS[self.currency])

    def __str__(self) -> str:
        return f"{self.currency} {self.decimal():,}"

    def _same(self, other: "Money") -> None:
        if self.currency != other.currency:
            raise CurrencyMismatch(f"{self.currency} and {other.currency} do not mix")


def from_major(text: object, currency: str) -> Money:
    """Read an amount in major units as a provider writes it (text, int or JSON number).

    Exact: raises ValueError for anything that is not a finite amount of whole minor units.
    """
    try:
        scaled = Decimal(str(text)).scaleb(EXPONENTS[currency], _EXACT)
        minor = int(scaled)
    except (ArithmeticError, KeyError, ValueError) as error:
        raise ValueError(f"{text!r} is not an amount of {currency}") from error
    if scaled != minor:
        raise ValueError(f"{text!r} has more decimals than {currency}")
    return Money(minor, currency)
