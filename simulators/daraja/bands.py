"""What M-Pesa takes for a B2C payment, in cents. From memory: the real tariff changes."""

#: Up to and with this amount, this fee.
_BANDS = ((10_099, 0), (150_099, 500), (500_099, 900), (2_000_099, 1_100))
_ABOVE = 1_300


def fee(amount_minor: int) -> int:
    """The fee of one payment."""
    return next((cents for upto, cents in _BANDS if amount_minor <= upto), _ABOVE)
