"""Numbers tell their rail; a correction tells it better."""

import pytest

from models.operators import Corrections, operator_of


@pytest.mark.parametrize(
    ("msisdn", "rail"),
    [
        ("254712345678", "mpesa"),
        ("254110123456", "mpesa"),
        ("254733123456", "airtel"),
        ("254771234567", None),
        ("237670000001", "momo"),
        ("237650123456", "momo"),
        ("237690000001", "orange_cm"),
        ("237655123456", "orange_cm"),
        ("237620000001", "camtel"),
        ("256772123456", "momo"),
        ("256752123456", "airtel"),
        ("221771234567", "orange"),
        ("225070123456", None),
        ("2250701234567", "orange"),
        ("233241234567", "momo"),
        ("243810123456", None),
        ("46733123450", None),
    ],
)
def test_a_number_tells_its_rail(msisdn: str, rail: str | None) -> None:
    assert operator_of(msisdn) == rail


@pytest.mark.parametrize("text", ["", "+254712345678x", "abc", "0", "9" * 40])
def test_what_is_no_number_has_no_rail(text: str) -> None:
    assert operator_of(text) is None


def test_the_longest_corrected_prefix_counts() -> None:
    known = Corrections(prefixes={"25471": "airtel", "254712": "momo", "254799": None})
    assert operator_of("254712345678", known) == "momo"
    assert operator_of("254711345678", known) == "airtel"
    assert operator_of("254799345678", known) is None
    assert operator_of("254722345678", known) == "mpesa"


def test_a_ported_number_keeps_no_prefix() -> None:
    known = Corrections(prefixes={"25471": "momo"}, ported="airtel")
    assert operator_of("254712345678", known) == "airtel"
