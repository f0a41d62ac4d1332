"""Rules of float purchases and of the mirror, and what holds for every rule of the vault."""

import dataclasses
from typing import Any, get_args

import pytest
from pydantic import TypeAdapter

from ledger.entry import Entry
from ledger.vault_postings import RULES, entries
from models import ids
from models.suspense import (
    SuspenseClaimed,
    SuspenseRefundPaid,
    SuspenseRefundRefused,
    SuspenseRefundRequested,
)
from models.vault_postings import (
    CollectionPosted,
    CollectionReversed,
    CollectionSwept,
    FloatHoldReleased,
    FloatSentBack,
    FloatTakenBack,
    LoanRefused,
    LoanReversed,
    MirrorObserved,
    TopUpCredited,
    TopUpReversed,
    VaultPosting,
)
from tests.ledger.money_out_posted import MONEY_OUT
from tests.ledger.payouts_posted import PAYOUTS
from tests.ledger.vaulted import (
    ACCEPTED,
    APPROVED,
    ARRIVED,
    CAME,
    CREDITED,
    DECIDED,
    FLOAT_LINES,
    LINES,
    PAID,
    POOL,
    RECEIPT,
    SCOPE,
    TILL,
    TRANSFERRED,
    kes,
    left,
    made,
)


def test_an_approved_float_purchase_sets_float_and_charges_aside() -> None:
    assert left(APPROVED) == {"wallet": -1_008_480, "wallet_held": 1_008_480}
    assert made(APPROVED) == [("fp_1/approved", True)]
    released = FloatHoldReleased(purchase_id="fp_1", amount=kes(1_000_000), charges=FLOAT_LINES)
    assert left(APPROVED, released) == {"wallet": 0, "wallet_held": 0}


def test_a_transferred_float_is_on_its_way_and_the_bank_is_paid_by_us() -> None:
    assert left(APPROVED, TRANSFERRED) == {
        "wallet": -1_008_480,
        "wallet_held": 1_008_480,
        "clearing:ncba/001:mpesa/777777": 1_000_000,
        "bank:ncba:001:trust": -1_004_000,
        "house:costs:ncba": 4_000,
    }


def test_a_credited_float_is_the_partners_and_the_charges_ours() -> None:
    assert left(APPROVED, TRANSFERRED, CREDITED) == {
        "wallet": -1_008_480,
        "wallet_held": 0,
        "clearing:ncba/001:mpesa/777777": 0,
        "bank:ncba:001:trust": -1_004_000,
        "house:costs:ncba": 4_000,
        "house:fees:transfer": 5_000,
        "house:fees:processing": 3_000,
        "house:tax:vat": 480,
        "b2c_float": 1_000_000,
        "b2c_owned": 1_000_000,
    }
    assert made(CREDITED) == [("fp_1/credited_mirror", False), ("fp_1/credited", False)]


def test_without_a_transfer_of_its_own_the_pool_account_pays_when_the_float_is_there() -> None:
    direct = dataclasses.replace(CREDITED, transferred=False, cost=kes(4_000))
    assert left(APPROVED, direct) == {
        name: balance
        for name, balance in left(APPROVED, TRANSFERRED, CREDITED).items()
        if not name.startswith("clearing:")
    }


def test_a_float_sent_back_leaves_the_wallet_whole_and_us_the_cost() -> None:
    back = FloatSentBack(
        purchase_id="fp_1", amount=kes(1_000_000), charges=FLOAT_LINES, pool=POOL,
        short_code="777777",
    )  # fmt: skip
    assert left(APPROVED, TRANSFERRED, back) == {
        "wallet": 0,
        "wallet_held": 0,
        "clearing:ncba/001:mpesa/777777": 0,
        "bank:ncba:001:trust": -4_000,
        "house:costs:ncba": 4_000,
    }


@pytest.mark.parametrize("transferred", [True, False])
def test_float_that_never_came_is_held_as_before_and_may_be_bought_again(
    transferred: bool,
) -> None:
    credited = dataclasses.replace(CREDITED, transferred=transferred)
    back = FloatTakenBack(
        purchase_id="fp_1", amount=kes(1_000_000), charges=FLOAT_LINES, pool=POOL,
        short_code="777777", transferred=transferred,
    )  # fmt: skip
    before = [APPROVED, TRANSFERRED] if transferred else [APPROVED]
    held, undone = left(*before), left(*before, credited, back)
    assert {name: balance for name, balance in undone.items() if balance} == held
    again = dataclasses.replace(credited, order=2)
    assert left(*before, credited, back, again) == left(*before, credited)
    assert made(again) == [("fp_1/2/credited_mirror", False), ("fp_1/2/credited", False)]


def test_what_undoes_a_credited_float_is_linked_to_it() -> None:
    back = FloatTakenBack(
        purchase_id="fp_1", amount=kes(1_000_000), charges=FLOAT_LINES, pool=POOL,
        short_code="777777", order=2,
    )  # fmt: skip
    assert [(entry.id, entry.reverses) for entry in entries(back, SCOPE)] == [
        ("fp_1/2/uncredited_mirror", "fp_1/2/credited_mirror"),
        ("fp_1/2/uncredited", "fp_1/2/credited"),
    ]


def test_a_collection_waits_in_the_partners_suspense_until_it_is_posted() -> None:
    posted = CollectionPosted(collection_id="c2b_1", amount=kes(700))
    assert left(ARRIVED) == {"paybill": 700, "suspense": 700}
    assert left(ARRIVED, posted) == {"paybill": 700, "suspense": 0, "collections": 700}
    assert made(posted) == [("c2b_1/1/posted", False)]


@pytest.mark.parametrize(("posted", "event"), [(True, "reversed"), (False, "refunded")])
def test_a_collection_taken_back_leaves_nothing(posted: bool, event: Any) -> None:
    done = [CollectionPosted(collection_id="c2b_1", amount=kes(700))] if posted else []
    gone = CollectionReversed(collection_id="c2b_1", amount=kes(700), posted=posted, event=event)
    assert set(left(ARRIVED, *done, gone).values()) == {0}
    assert made(gone) == [(f"c2b_1/{event}", False)]


def test_a_sweep_takes_from_the_pay_bill_what_was_collected() -> None:
    swept = CollectionSwept(amount=kes(500), receipt=RECEIPT)
    assert left(swept) == {"paybill": -500, "collections": -500}
    assert made(swept) == [("mpesa:777777:SFC1/swept", False)]


@pytest.mark.parametrize(
    ("account", "against"),
    [("b2c_float", "b2c_owned"), ("b2c_charges", "b2c_owned"), ("paybill", "collections")],
)
@pytest.mark.parametrize("difference", [300, -300])
def test_a_mirror_follows_what_the_provider_reports(
    account: Any, against: str, difference: int
) -> None:
    seen = MirrorObserved(observation_id="ins_1", account=account, difference=kes(difference))
    assert left(seen) == {account: difference, against: difference}


def test_a_mirror_that_agrees_posts_nothing() -> None:
    seen = MirrorObserved(observation_id="ins_1", account="paybill", difference=kes(0))
    assert entries(seen, SCOPE) == ()


def test_every_posting_has_its_rule() -> None:
    union, _discriminator = get_args(VaultPosting)
    assert set(get_args(union)) == set(RULES)


EVERY: list[Any] = [
    ACCEPTED, PAID, LoanRefused(loan_id="ld_1", charges=kes(1)),
    LoanReversed(loan_id="ld_1", amount=kes(1), returned=LINES),
    TopUpCredited(topup_id="tu_1", amount=kes(1), into=TILL, receipt=RECEIPT),
    TopUpReversed(topup_id="tu_1", amount=kes(1), into=POOL), CAME,
    SuspenseClaimed(**DECIDED), SuspenseRefundRequested(**DECIDED),
    SuspenseRefundPaid(**DECIDED), SuspenseRefundRefused(**DECIDED),
    APPROVED, FloatHoldReleased(purchase_id="fp_1", amount=kes(1), charges=FLOAT_LINES),
    TRANSFERRED, CREDITED,
    FloatTakenBack(purchase_id="fp_1", amount=kes(1), charges=(), pool=POOL, short_code="7"),
    FloatSentBack(purchase_id="fp_1", amount=kes(1), charges=(), pool=POOL, short_code="7"),
    ARRIVED, CollectionPosted(collection_id="c2b_1", amount=kes(1)),
    CollectionReversed(collection_id="c2b_1", amount=kes(1), posted=True),
    CollectionSwept(amount=kes(1), receipt=RECEIPT),
    MirrorObserved(observation_id="ins_1", account="paybill", difference=kes(1)),
    *PAYOUTS, *MONEY_OUT,
]  # fmt: skip


def test_a_posting_is_itself_again_after_its_way_through_a_history() -> None:
    wire: TypeAdapter[Any] = TypeAdapter(VaultPosting)
    assert {type(posting) for posting in EVERY} == set(RULES)
    assert [wire.validate_json(wire.dump_json(posting)) for posting in EVERY] == EVERY


def test_at_most_one_entry_of_money_comes_after_at_most_one_of_the_mirror() -> None:
    shapes = set()
    for posting in EVERY:
        kinds = [_memo(entry) for entry in entries(posting, SCOPE)]
        shapes.add(tuple(kinds))
    assert shapes == {(True,), (False,), (True, False)}


def _memo(entry: Entry) -> bool:
    return all(account.type == "memo" for account in entry.accounts().values())


def test_a_saga_begins_the_id_of_its_entries() -> None:
    for posting in EVERY:
        for entry in entries(posting, SCOPE):
            if entry.about is not None and ids.prefix_of(entry.about) in {"ld", "fp", "tu"}:
                assert entry.id.startswith(f"{entry.about}/")
