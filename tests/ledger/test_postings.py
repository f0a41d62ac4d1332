"""Every posting rule, by the normal-sign balance it leaves on every account. Literal numbers."""

import dataclasses
from uuid import UUID

import pytest

from ledger.entry import balances
from ledger.postings import (
    Arrival,
    Suspended,
    checkout_settled,
    money_suspended,
    provider_reversal,
    stray_money,
    suspense_accepted,
)
from models.fees import Fee
from models.ids import ORG as ORG_PREFIX
from models.ids import PLATFORM_ORG, shown
from models.money import Money
from models.step import CaseKind

ORG = UUID("01890000-0000-7000-8000-00000000000a")
PAYABLE = f"merchant:{shown(ORG_PREFIX, ORG)}:payable"
FLOAT = "provider:mpesa:600000/utility:float"
NO_FEE = Fee(net=Money(0, "KES"), tax=Money(0, "KES"))
FEE = Fee(net=Money(200, "KES"), tax=Money(25, "KES"))
ARRIVAL = Arrival(
    attempt_id="att_1", payment_id="pay_1", org=ORG, livemode=False,
    provider="mpesa", wallet="600000/utility", amount=Money(10_000, "KES"),
)  # fmt: skip
HELD = Suspended(
    case_id="case_1", payment_id="pay_1", org=ORG, livemode=False,
    provider="mpesa", amount=Money(10_000, "KES"),
)  # fmt: skip
SUSPENDING = [kind for kind in CaseKind if kind.holds_money]


def test_a_settled_checkout_owes_the_merchant_the_amount_less_fee_and_tax() -> None:
    entry = checkout_settled(ARRIVAL, FEE)
    assert entry.id == "att_1/settled"
    assert balances(entry) == {
        FLOAT: 10_000,
        PAYABLE: 9_775,
        "house:fees:collection": 200,
        "house:tax:vat": 25,
    }


def test_a_free_checkout_owes_the_merchant_everything() -> None:
    assert balances(checkout_settled(ARRIVAL, NO_FEE)) == {FLOAT: 10_000, PAYABLE: 10_000}


@pytest.mark.parametrize("cause", SUSPENDING)
def test_money_with_a_case_waits_in_suspense_and_owes_the_merchant_nothing(
    cause: CaseKind,
) -> None:
    entry = money_suspended(ARRIVAL, cause)
    assert entry.id == f"att_1/{cause}"
    assert balances(entry) == {FLOAT: 10_000, "suspense:mpesa": 10_000}


def test_money_of_another_currency_waits_in_the_currency_that_arrived() -> None:
    arrived = dataclasses.replace(ARRIVAL, amount=Money(70, "USD"))
    entry = money_suspended(arrived, CaseKind.CURRENCY_MISMATCH)
    assert entry.currency == "USD"
    assert balances(entry) == {FLOAT: 70, "suspense:mpesa": 70}


@pytest.mark.parametrize("cause", sorted(set(CaseKind) - set(SUSPENDING)))
def test_a_cause_that_holds_no_money_posts_nothing(cause: CaseKind) -> None:
    with pytest.raises(ValueError, match="holds no money"):
        money_suspended(ARRIVAL, cause)


def test_stray_money_is_the_houses_to_hold() -> None:
    entry = stray_money(
        provider="mpesa", wallet="600000/utility", receipt="SFC1", amount=Money(300, "KES"),
        livemode=True,
    )  # fmt: skip
    assert (entry.org, entry.livemode) == (PLATFORM_ORG, True)
    assert balances(entry) == {FLOAT: 300, "suspense:mpesa": 300}


def test_accepted_suspense_goes_to_the_merchant_less_fee_and_tax() -> None:
    held, accepted = money_suspended(ARRIVAL, CaseKind.LATE_MONEY), suspense_accepted(HELD, FEE)
    assert accepted.decided
    assert balances(held, accepted) == {
        FLOAT: 10_000,
        "suspense:mpesa": 0,
        PAYABLE: 9_775,
        "house:fees:collection": 200,
        "house:tax:vat": 25,
    }


def test_a_provider_reversal_takes_fee_and_tax_back_too() -> None:
    reversal = provider_reversal(checkout_settled(ARRIVAL, FEE))
    assert reversal.reverses == "att_1/settled"
    assert balances(reversal) == {
        FLOAT: -10_000,
        PAYABLE: -9_775,
        "house:fees:collection": -200,
        "house:tax:vat": -25,
    }
