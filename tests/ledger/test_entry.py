"""What can and cannot be expressed as an entry."""

from uuid import UUID

import pytest

from ledger.chart import Side, partner_memo, payable, provider_float, suspense
from ledger.entry import BadEntry, Entry, Move, balances, reversed_entry
from models.money import Money

ORG = UUID("01890000-0000-7000-8000-00000000000a")
OTHER = UUID("01890000-0000-7000-8000-00000000000b")
FLOAT = provider_float("momo", "collections")
KES_5 = Money(500, "KES")


def an_entry(*moves: Move, org: UUID = ORG) -> Entry:
    return Entry(id="att_1/settled", org=org, livemode=False, moves=moves)


@pytest.mark.parametrize("minor", [0, -1])
def test_a_move_moves_something(minor: int) -> None:
    with pytest.raises(BadEntry, match="moves nothing"):
        Move(debit=FLOAT, credit=payable(ORG), amount=Money(minor, "KES"))


def test_an_account_does_not_move_to_itself() -> None:
    with pytest.raises(BadEntry, match="itself"):
        Move(debit=FLOAT, credit=FLOAT, amount=KES_5)


def test_memo_accounts_move_with_memo_accounts_only() -> None:
    memo = partner_memo(ORG, "paybill", Side.DEBIT)
    with pytest.raises(BadEntry, match="memo"):
        Move(debit=memo, credit=payable(ORG), amount=KES_5)
    owned = partner_memo(ORG, "b2c_owned", Side.CREDIT)
    assert Move(debit=memo, credit=owned, amount=KES_5).amount == KES_5


def test_an_entry_has_one_currency() -> None:
    kes = Move(debit=FLOAT, credit=payable(ORG), amount=KES_5)
    xaf = Move(debit=FLOAT, credit=payable(ORG), amount=Money(500, "XAF"))
    with pytest.raises(BadEntry, match="currencies"):
        an_entry(kes, xaf)


def test_an_entry_touches_its_organisation_and_the_house_only() -> None:
    with pytest.raises(BadEntry, match="another organisation"):
        an_entry(Move(debit=FLOAT, credit=payable(OTHER), amount=KES_5))


def test_an_entry_without_moves_is_none() -> None:
    with pytest.raises(BadEntry, match="moves nothing"):
        an_entry()


def test_a_debit_raises_a_float_and_a_credit_raises_what_we_owe() -> None:
    entry = an_entry(Move(debit=FLOAT, credit=suspense("momo"), amount=KES_5))
    assert balances(entry) == {"provider:momo:collections:float": 500, "suspense:momo": 500}


def test_a_reversal_names_the_entry_it_turns_round() -> None:
    entry = an_entry(Move(debit=FLOAT, credit=suspense("momo"), amount=KES_5))
    turned = reversed_entry(entry, event="reversed")
    assert (turned.id, turned.kind, turned.reverses) == (
        "att_1/reversed", "reversed", "att_1/settled",
    )  # fmt: skip
    assert not turned.decided
    assert balances(turned) == {"provider:momo:collections:float": -500, "suspense:momo": -500}
