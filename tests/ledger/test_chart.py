"""Account names, their types and their sides."""

from uuid import UUID

import pytest

from ledger import chart
from ledger.chart import Account, AccountType, Coverage, Mirror, Side
from models.ids import PLATFORM_ORG

ORG = UUID("01890000-0000-7000-8000-00000000000a")


@pytest.mark.parametrize(
    ("account", "name", "kind", "normal", "coverage"),
    [
        (chart.provider_float("mpesa", "600000/utility"), "provider:mpesa:600000/utility:float",
         AccountType.ASSET, Side.DEBIT, Coverage.BACKS),
        (chart.provider_receivable("cards"), "provider:cards:receivable",
         AccountType.ASSET, Side.DEBIT, Coverage.BACKS),
        (chart.trust_bank("ncba", "001"), "bank:ncba:001:trust",
         AccountType.ASSET, Side.DEBIT, Coverage.BACKS),
        (chart.operating_bank("ncba", "002"), "bank:ncba:002:operating",
         AccountType.ASSET, Side.DEBIT, Coverage.NONE),
        (chart.clearing("ncba", "mpesa"), "clearing:ncba:mpesa",
         AccountType.ASSET, Side.DEBIT, Coverage.BACKS),
        (chart.suspense("momo"), "suspense:momo",
         AccountType.LIABILITY, Side.CREDIT, Coverage.CLAIMS),
        (chart.suspense_held("momo"), "suspense:momo:held",
         AccountType.LIABILITY, Side.CREDIT, Coverage.CLAIMS),
        (chart.fees("collection"), "house:fees:collection",
         AccountType.INCOME, Side.CREDIT, Coverage.NONE),
        (chart.tax("vat"), "house:tax:vat", AccountType.LIABILITY, Side.CREDIT, Coverage.NONE),
        (chart.costs("mpesa"), "house:costs:mpesa",
         AccountType.EXPENSE, Side.DEBIT, Coverage.NONE),
    ],
)  # fmt: skip
def test_a_house_account_has_its_name_type_side_and_coverage(
    account: Account, name: str, kind: AccountType, normal: Side, coverage: Coverage
) -> None:
    assert account.owner == PLATFORM_ORG
    assert (account.name, account.type, account.normal, account.coverage) == (
        name, kind, normal, coverage,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("account", "ending", "kind", "coverage"),
    [
        (chart.payable(ORG), "payable", AccountType.LIABILITY, Coverage.CLAIMS),
        (chart.held(ORG), "held", AccountType.LIABILITY, Coverage.CLAIMS),
        (chart.escrow(ORG, "7"), "7", AccountType.LIABILITY, Coverage.CLAIMS),
        (chart.merchant_receivable(ORG), "receivable", AccountType.ASSET, Coverage.NONE),
        (chart.partner_wallet(ORG), "wallet", AccountType.LIABILITY, Coverage.CLAIMS),
        (chart.partner_wallet_held(ORG), "wallet_held", AccountType.LIABILITY, Coverage.CLAIMS),
        (chart.partner_receivable(ORG), "receivable", AccountType.ASSET, Coverage.NONE),
        (chart.mirror(ORG, Mirror.PAYBILL), "paybill", AccountType.MEMO, Coverage.NONE),
    ],
)
def test_an_organisations_account_names_and_belongs_to_it(
    account: Account, ending: str, kind: AccountType, coverage: Coverage
) -> None:
    assert account.owner == ORG
    assert account.name.split(":")[1].startswith("org_")
    assert (account.name.split(":")[2], account.type, account.coverage) == (ending, kind, coverage)


def test_only_the_charges_paid_wallet_and_memo_accounts_may_go_below_zero() -> None:
    assert chart.provider_float("mpesa", "600000/charges_paid").overdraft
    assert all(chart.mirror(ORG, part).overdraft for part in Mirror)
    assert not chart.provider_float("mpesa", "600000/utility").overdraft
    assert not chart.payable(ORG).overdraft
    assert not chart.partner_wallet(ORG).overdraft
    assert not chart.partner_wallet_held(ORG).overdraft


def test_what_lies_in_a_mirror_grows_by_debit_and_what_it_is_for_by_credit() -> None:
    sides = {str(part): chart.mirror(ORG, part).normal for part in Mirror}
    assert sides == {
        "b2c_float": Side.DEBIT,
        "b2c_charges": Side.DEBIT,
        "paybill": Side.DEBIT,
        "b2c_owned": Side.CREDIT,
        "collections": Side.CREDIT,
        "suspense": Side.CREDIT,
    }


@pytest.mark.parametrize("part", ["", "a:b", "a b", "ü", "-a", "a" * 65])
def test_a_part_that_would_blur_a_name_is_refused(part: str) -> None:
    with pytest.raises(ValueError, match="account name"):
        chart.suspense(part)
