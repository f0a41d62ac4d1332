"""What a transaction costs: tariffs in bands, effective-dated, and what they charge. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from models.fees import share
from models.money import Money


class NoTariff(LookupError):
    """No band is in force for the amount: nothing may be charged, so nothing is started."""


class TariffCode(StrEnum):
    """What is charged for."""

    MPESA_B2C = "mpesa_b2c"
    PROCESSING_LOAN = "processing_loan"
    SMS = "sms"
    FLOAT_TRANSFER = "float_transfer"
    FLOAT_PROCESSING = "float_processing"

    @property
    def fee_kind(self) -> str:
        """The income account `house:fees:{kind}` it is booked to."""
        return _FEE_KINDS[self]


_FEE_KINDS = {
    TariffCode.MPESA_B2C: "mpesa",
    TariffCode.PROCESSING_LOAN: "processing",
    TariffCode.SMS: "sms",
    TariffCode.FLOAT_TRANSFER: "transfer",
    TariffCode.FLOAT_PROCESSING: "processing",
}


class BorneBy(StrEnum):
    """Who pays. SHORTCODE: the provider takes it from the partner's own account, not we."""

    WALLET = "wallet"
    SHORTCODE = "shortcode"


@dataclass(frozen=True, slots=True, kw_only=True)
class Tariff:
    """One band, amounts in minor units, both ends included. `to_minor` None: no upper end.

    The fee is `fee_minor` plus `basis_points` of the amount; tax is taken on the fee. Bands
    with one `valid_from` are one version. `own`: the organisation's own, before the default.
    """

    code: TariffCode
    currency: str
    from_minor: int
    to_minor: int | None
    fee_minor: int
    valid_from: datetime
    basis_points: int = 0
    tax_basis_points: int = 0
    tax_kind: str = "vat"
    borne_by: BorneBy = BorneBy.WALLET
    own: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ChargeLine:
    """One charge: our net income of a kind, and the tax on it."""

    code: TariffCode
    net: Money
    tax: Money
    tax_kind: str = "vat"
    borne_by: BorneBy = BorneBy.WALLET

    @property
    def total(self) -> Money:
        """What the payer of the charge pays."""
        return self.net + self.tax


@dataclass(frozen=True, slots=True, kw_only=True)
class Quote:
    """Everything one transaction costs.

    `lines` is what the wallet pays; `provider_fee` what the provider takes from the partner's
    own account (None: it takes nothing there).
    """

    amount: Money
    lines: tuple[ChargeLine, ...]
    provider_fee: Money | None = None

    @property
    def charges(self) -> Money:
        """What the wallet must have for the charges."""
        return total_of(self.lines, self.amount.currency)


def total_of(lines: Iterable[ChargeLine], currency: str) -> Money:
    """The sum of the lines, tax and all."""
    return sum((line.total for line in lines), start=Money(0, currency))


def quote(
    tariffs: Sequence[Tariff], code: TariffCode, amount: Money, at: datetime, *, times: int = 1
) -> ChargeLine:
    """The charge for one amount at one moment, `times` over, rounded half up; tax likewise.

    Raises NoTariff when no band in force holds the amount.
    """
    band = _band(tariffs, code, amount, at)
    net = times * (band.fee_minor + share(amount.minor, band.basis_points))
    return ChargeLine(
        code=code,
        net=Money(net, amount.currency),
        tax=Money(share(net, band.tax_basis_points), amount.currency),
        tax_kind=band.tax_kind,
        borne_by=band.borne_by,
    )


def loan_quote(
    tariffs: Sequence[Tariff], amount: Money, at: datetime, *, messages: int = 2
) -> Quote:
    """Processing, a message each to client and partner, and M-Pesa's fee if the wallet bears it."""
    mpesa = quote(tariffs, TariffCode.MPESA_B2C, amount, at)
    ours = (
        quote(tariffs, TariffCode.PROCESSING_LOAN, amount, at),
        quote(tariffs, TariffCode.SMS, amount, at, times=messages),
    )
    if mpesa.borne_by is BorneBy.WALLET:
        return Quote(amount=amount, lines=(*ours, mpesa))
    return Quote(amount=amount, lines=ours, provider_fee=mpesa.total if mpesa.total.minor else None)


def float_quote(
    tariffs: Sequence[Tariff], amount: Money, at: datetime, *, transfers: bool
) -> Quote:
    """Our processing, and the bank's transfer where one is made; the float comes on top."""
    codes = (TariffCode.FLOAT_TRANSFER, TariffCode.FLOAT_PROCESSING)[0 if transfers else 1 :]
    return Quote(amount=amount, lines=tuple(quote(tariffs, code, amount, at) for code in codes))


def _band(tariffs: Sequence[Tariff], code: TariffCode, amount: Money, at: datetime) -> Tariff:
    """The band of the version in force; an organisation's own tariff replaces the default whole."""
    known = [
        one
        for one in tariffs
        if one.code is code and one.currency == amount.currency and one.valid_from <= at
    ]
    known = [one for one in known if one.own] or known
    since = max((one.valid_from for one in known), default=None)
    for one in known:
        in_band = one.from_minor <= amount.minor <= (one.to_minor or amount.minor)
        if one.valid_from == since and in_band:
            return one
    raise NoTariff(f"{code} has no band for {amount} at {at:%Y-%m-%d}")
