"""A row of a file is a payout, or everything that is wrong with it is said."""

from typing import Any

import pytest

from models.batch_columns import Column, columns_of
from models.batch_limits import FileRefused
from models.batch_output import csv_lines, harmless
from models.batch_rows import RawRow, RowDraft, RowRules, RowWrong, checked
from models.money import Money

KENYA = RowRules(currency="KES", country="KE")
ANYWHERE = RowRules(currency="XAF")


def row(rules: RowRules = KENYA, *, formulas: frozenset[Column] = frozenset(), **cells: Any) -> Any:
    given = {"phone": "0712 000 001", "amount": "1500", **cells}
    held = {Column(name): text for name, text in given.items() if text}
    return checked(RawRow(line=2, cells=held, formulas=formulas), rules)


def problems(found: Any) -> tuple[str, ...]:
    assert isinstance(found, RowWrong)
    return found.problems


def test_a_row_is_a_payout() -> None:
    found = row(amount="1500.50", name=" Jane  Wanjiku ", reference="SAL-1", method="MPESA")
    assert isinstance(found, RowDraft)
    assert (found.amount, found.payee.wallet) == (Money(150_050, "KES"), "254712000001")
    assert (found.payee.name, found.reference, found.method) == ("Jane Wanjiku", "SAL-1", "mpesa")


@pytest.mark.parametrize(
    ("text", "minor"),
    [("1500", 150_000), ("1500.5", 150_050), ("1500,50", 150_050), ("0.01", 1)],
)
def test_amounts_are_whole_units_with_a_point_or_a_comma(text: str, minor: int) -> None:
    assert row(amount=text).amount == Money(minor, "KES")


@pytest.mark.parametrize(
    "text", ["1,500", "1.500", "1 500", "-1", "+1", "1e3", "0", "", "KES 5", "1500.505", "=1+1"]
)
def test_an_amount_that_could_mean_two_things_is_none(text: str) -> None:
    assert [one.split(":")[0] for one in problems(row(amount=text))] == ["amount"]


def test_a_currency_without_decimals_takes_none() -> None:
    wrong = row(ANYWHERE, phone="+237670000001", amount="100.5")
    assert problems(wrong) == ("amount: XAF has no such fractions",)


def test_a_batch_is_of_one_currency() -> None:
    assert row(currency="kes").amount.currency == "KES"
    assert problems(row(currency="USD"))[0].startswith("currency: this batch is of KES")


@pytest.mark.parametrize("text", ["+254712000001", "254712000001", "0712000001", "712000001"])
def test_a_number_is_understood_as_people_and_spreadsheets_write_it(text: str) -> None:
    assert row(phone=text).payee.wallet == "254712000001"


def test_without_a_country_a_number_says_its_own() -> None:
    assert row(ANYWHERE, phone="237670000001").payee.wallet == "237670000001"
    assert problems(row(ANYWHERE, phone="0712000001"))[0].startswith("phone:")


def test_an_account_needs_its_bank_and_its_holder() -> None:
    account: dict[str, Any] = {
        "phone": "",
        "account": "0123456789",
        "bank": "07",
        "name": "Acme Ltd",
    }
    found = row(**account)
    assert isinstance(found, RowDraft)
    assert found.payee.bank is not None
    assert (found.payee.bank.bank, found.payee.bank.account) == ("07", "0123456789")
    assert problems(row(**{**account, "name": ""})) == (
        "an account needs its bank and the name it is held in",
    )


def test_a_beneficiary_is_a_phone_or_an_account() -> None:
    said = ("a phone or an account, one of them",)
    assert problems(row(phone="")) == said
    assert problems(row(account="0123456789", bank="07", name="Acme")) == said


def test_everything_that_is_wrong_is_said_at_once_and_nothing_is_repeated() -> None:
    wrong = problems(row(phone="12", amount="lots", reference="é", name="x" * 101))
    assert [one.split(":")[0] for one in wrong] == ["amount", "phone", "reference", "name"]
    assert not any("lots" in one or "12" in one for one in wrong[:2])


def test_a_card_number_is_never_taken() -> None:
    assert "a card number: those are never taken" in problems(row(name="4111 1111 1111 1111"))


def test_formulas_and_control_characters_are_refused() -> None:
    assert problems(row(formulas=frozenset({Column.AMOUNT}))) == (
        "amount: a formula; paste its value",
    )
    assert problems(row(name="a\x00b")) == ("name: a control character",)


def test_no_beneficiary_is_printed() -> None:
    assert "254712000001" not in repr(row(name="Jane"))
    assert "Jane" not in repr(row(name="Jane"))


def test_headings_are_known_by_the_names_people_use() -> None:
    found = columns_of(["Mobile Number", "AMOUNT", "Full-name", "", "Ref"])
    assert found == (Column.PHONE, Column.AMOUNT, Column.NAME, None, Column.REFERENCE)


@pytest.mark.parametrize(
    ("header", "said"),
    [
        (["phone", "name"], "there is no column amount"),
        (["amount", "name"], "neither a column phone nor a column account"),
        (["phone", "msisdn", "amount"], "two columns are headed phone"),
        (["phone", "amount", "acount"], "no column is called 'acount'"),
    ],
)
def test_a_header_that_leaves_doubt_is_refused(header: list[str], said: str) -> None:
    with pytest.raises(FileRefused, match=said):
        columns_of(header)


@pytest.mark.parametrize(
    "first", [["4111111111111111", "1500"], ["phone", "Amina", "254712345678"], ["Amina", "٢٥٤"]]
)
def test_a_row_where_the_headings_should_be_is_not_repeated(first: list[str]) -> None:
    with pytest.raises(FileRefused, match=r"cell [12] of it is no name of one") as refused:
        columns_of(first)
    assert not any(cell in str(refused.value) for cell in first if cell != "phone")


@pytest.mark.parametrize("cell", ["=1+1", "+254712", "-1", "@SUM(A1)", "\tx", "\rx"])
def test_a_cell_a_spreadsheet_would_compute_is_kept_from_it(cell: str) -> None:
    assert harmless(cell) == f"'{cell}"
    assert csv_lines([[cell, "x", None, 5]]).startswith(("'", "\"'"))


def test_other_cells_are_as_they_were() -> None:
    assert csv_lines([["Jané, W.", 1500, None]]) == '"Jané, W.",1500,\r\n'
