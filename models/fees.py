"""What we charge for a collection. Pure: carried in messages, never fetched by a rule."""

from dataclasses import dataclass

from models.money import Money


@dataclass(frozen=True, slots=True, kw_only=True)
class FeeRule:
    """Basis points of the amount plus a fixed part; tax is taken on the fee, on top of it."""

    basis_points: int = 0
    fixed_minor: int = 0
    tax_basis_points: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Fee:
    """A fee for one payment: our net income and the tax we owe on it, in minor units."""

    net: Money
    tax: Money

    @property
    def total(self) -> Money:
        """What the merchant pays."""
        return self.net + self.tax


def fee_for(amount: Money, rule: FeeRule) -> Fee:
    """The fee of a payment, rounded half up, never more than the amount itself."""
    net = min(share(amount.minor, rule.basis_points) + rule.fixed_minor, amount.minor)
    tax = min(share(net, rule.tax_basis_points), amount.minor - net)
    return Fee(net=Money(net, amount.currency), tax=Money(tax, amount.currency))


def fee_of_part(part: Money, *, before: Money, taken: Fee, rule: FeeRule) -> Fee:
    """The fee of everything released with this part, less what was `taken` for parts `before`.

    Never more than the part; what that leaves out is taken with a later part.
    """
    whole = fee_for(before + part, rule)
    net = min(whole.net.minor - taken.net.minor, part.minor)
    tax = min(whole.tax.minor - taken.tax.minor, part.minor - net)
    return Fee(net=Money(net, part.currency), tax=Money(tax, part.currency))


def share(minor: int, basis_points: int) -> int:
    """Basis points of an amount in minor units, rounded half up."""
    return (minor * basis_points + 5_000) // 10_000
