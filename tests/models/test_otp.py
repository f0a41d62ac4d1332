"""A code approves one purchase, one amount and one beneficiary."""

from dataclasses import replace

import pytest

from models.money import Money
from models.otp import Approval, is_code, new_code, sealed_code

APPROVAL = Approval(purchase_id="fp_1", amount=Money(5_000_000, "KES"), beneficiary="600001")


def test_codes_are_six_digits_and_differ() -> None:
    codes = {new_code() for _ in range(50)}
    assert all(len(code) == 6 and code.isdecimal() for code in codes)
    assert len(codes) > 40


@pytest.mark.parametrize(
    "other",
    [
        replace(APPROVAL, purchase_id="fp_2"),
        replace(APPROVAL, amount=Money(5_000_001, "KES")),
        replace(APPROVAL, beneficiary="600002"),
    ],
)
def test_a_code_for_one_thing_approves_no_other(other: Approval) -> None:
    kept = sealed_code(b"pepper", APPROVAL, "123456")
    assert is_code(b"pepper", APPROVAL, "123456", kept)
    assert not is_code(b"pepper", other, "123456", kept)


def test_neither_another_code_nor_another_pepper_fits() -> None:
    kept = sealed_code(b"pepper", APPROVAL, "123456")
    assert not is_code(b"pepper", APPROVAL, "123457", kept)
    assert not is_code(b"salt", APPROVAL, "123456", kept)
    assert b"123456" not in kept
