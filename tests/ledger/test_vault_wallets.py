"""Rules of loans, top-ups and suspense, by the balance they leave on every account."""

import dataclasses
from typing import Any

import pytest

from ledger.entry import BadEntry
from ledger.vault_postings import entries
from models.suspense import (
    SuspenseClaimed,
    SuspenseRefundPaid,
    SuspenseRefundRefused,
    SuspenseRefundRequested,
)
from models.vault_postings import (
    LoanAccepted,
    LoanRefused,
    LoanReversed,
    TopUpCredited,
    TopUpReversed,
)
from tests.ledger.vaulted import (
    ACCEPTED,
    CAME,
    DECIDED,
    LINES,
    PAID,
    POOL,
    RECEIPT,
    SCOPE,
    TILL,
    kes,
    left,
    made,
)


def test_an_accepted_loan_sets_its_charges_aside_and_nothing_of_the_loan() -> None:
    assert left(ACCEPTED) == {"wallet": -2_506, "wallet_held": 2_506}
    assert made(ACCEPTED) == [("ld_1/1/accepted", True)]


def test_a_free_loan_sets_nothing_aside() -> None:
    free = dataclasses.replace(ACCEPTED, charges=kes(0))
    assert entries(free, SCOPE) == ()
    assert entries(LoanRefused(loan_id="ld_1", charges=kes(0)), SCOPE) == ()


def test_a_paid_loan_takes_its_charges_and_shows_what_left_the_partners_account() -> None:
    assert left(ACCEPTED, PAID) == {
        "wallet": -2_506,
        "wallet_held": 0,
        "house:fees:processing": 2_000,
        "house:fees:sms": 160,
        "house:tax:vat": 320,
        "house:tax:excise": 26,
        "b2c_owned": -500_900,
        "b2c_float": -500_000,
        "b2c_charges": -900,
    }


def test_the_mirror_is_posted_before_the_money() -> None:
    assert made(PAID) == [("ld_1/1/paid_mirror", False), ("ld_1/1/paid", False)]


def test_what_was_held_and_is_not_charged_goes_back_to_the_wallet() -> None:
    held = LoanAccepted(loan_id="ld_1", charges=kes(3_000))
    paid = dataclasses.replace(PAID, held=kes(3_000), provider_fee=None)
    found = left(held, paid)
    assert (found["wallet"], found["wallet_held"]) == (-2_506, 0)
    assert "b2c_charges" not in found


def test_more_than_was_held_cannot_be_charged() -> None:
    with pytest.raises(BadEntry):
        entries(dataclasses.replace(PAID, held=kes(2_505)), SCOPE)


def test_a_free_loan_that_is_paid_moves_the_mirror_only() -> None:
    free = dataclasses.replace(PAID, held=kes(0), charges=(), provider_fee=None)
    assert left(free) == {"b2c_owned": -500_000, "b2c_float": -500_000}


def test_a_refused_loan_leaves_the_wallet_as_it_was() -> None:
    refused = LoanRefused(loan_id="ld_1", charges=kes(2_506))
    assert left(ACCEPTED, refused) == {"wallet": 0, "wallet_held": 0}
    (entry,) = entries(refused, SCOPE)
    assert (entry.id, entry.reverses) == ("ld_1/1/refused", "ld_1/1/accepted")


def test_a_loan_held_again_is_another_hold() -> None:
    again = dataclasses.replace(ACCEPTED, hold=2)
    assert made(again) == [("ld_1/2/accepted", True)]
    assert made(dataclasses.replace(PAID, hold=2))[1][0] == "ld_1/2/paid"


def test_a_reversed_loan_is_back_in_the_partners_account_and_keeps_its_fee() -> None:
    reversed_ = LoanReversed(loan_id="ld_1", amount=kes(500_000))
    found = left(ACCEPTED, PAID, reversed_)
    assert {name: found[name] for name in ("b2c_float", "b2c_owned", "b2c_charges", "wallet")} == {
        "b2c_float": 0, "b2c_owned": -900, "b2c_charges": -900, "wallet": -2_506,
    }  # fmt: skip


def test_charges_of_a_reversed_loan_return_where_policy_says_so() -> None:
    reversed_ = LoanReversed(loan_id="ld_1", amount=kes(500_000), returned=LINES)
    assert made(reversed_) == [("ld_1/reversed_mirror", False), ("ld_1/reversed", False)]
    found = left(ACCEPTED, PAID, reversed_)
    assert found["wallet"] == 0
    assert {name: found[name] for name in found if name.startswith("house:")} == {
        "house:fees:processing": 0,
        "house:fees:sms": 0,
        "house:tax:vat": 0,
        "house:tax:excise": 0,
    }


@pytest.mark.parametrize(
    ("place", "account"),
    [(POOL, "bank:ncba:001:trust"), (TILL, "provider:mpesa:600000/utility:float")],
)
def test_a_top_up_is_in_the_wallet_and_where_it_came_to(place: Any, account: str) -> None:
    credited = TopUpCredited(topup_id="tu_1", amount=kes(90_000), into=place, receipt=RECEIPT)
    assert left(credited) == {account: 90_000, "wallet": 90_000}
    assert made(credited) == [("tu_1/credited", False)]
    taken = TopUpReversed(topup_id="tu_1", amount=kes(90_000), into=place)
    assert left(credited, taken) == {account: 0, "wallet": 0}
    assert entries(taken, SCOPE)[0].reverses == "tu_1/credited"


def test_what_a_reversed_top_up_leaves_uncovered_the_partner_owes() -> None:
    credited = TopUpCredited(topup_id="tu_1", amount=kes(9), into=POOL, receipt=RECEIPT)
    taken = TopUpReversed(topup_id="tu_1", amount=kes(9), into=POOL)
    backed = [entries(posting, SCOPE)[0].backing for posting in (credited, taken)]
    assert [one and one.receivable.name.rpartition(":")[2] for one in backed] == ["receivable"] * 2


def test_money_under_no_reference_waits_in_suspense() -> None:
    assert left(CAME) == {"bank:ncba:001:trust": 700, "suspense:ncba": 700}
    assert made(CAME) == [("ncba:001:SFC1/suspended", False)]


def test_claimed_suspense_is_in_the_wallet() -> None:
    claimed = SuspenseClaimed(**DECIDED)
    assert left(CAME, claimed) == {"bank:ncba:001:trust": 700, "suspense:ncba": 0, "wallet": 700}
    assert made(claimed) == [("ncba:001:SFC1/1/released", True)]


def test_refunded_suspense_is_set_aside_and_then_leaves_the_bank() -> None:
    requested, paid = SuspenseRefundRequested(**DECIDED), SuspenseRefundPaid(**DECIDED)
    assert left(CAME, requested) == {
        "bank:ncba:001:trust": 700, "suspense:ncba": 0, "suspense:ncba:held": 700,
    }  # fmt: skip
    assert left(CAME, requested, paid) == {
        "bank:ncba:001:trust": 0, "suspense:ncba": 0, "suspense:ncba:held": 0,
    }  # fmt: skip


def test_a_refused_refund_waits_in_suspense_again_for_the_next_decision() -> None:
    refused = SuspenseRefundRefused(**DECIDED)
    assert left(CAME, SuspenseRefundRequested(**DECIDED), refused) == {
        "bank:ncba:001:trust": 700, "suspense:ncba": 700, "suspense:ncba:held": 0,
    }  # fmt: skip
    assert entries(refused, SCOPE)[0].reverses == "ncba:001:SFC1/1/released"
    assert made(SuspenseClaimed(**DECIDED, decision=2))[0][0] == "ncba:001:SFC1/2/released"


def test_a_claim_and_a_refund_of_the_same_money_are_one_decision() -> None:
    assert made(SuspenseClaimed(**DECIDED)) == made(SuspenseRefundRequested(**DECIDED))
