"""A credit on the statement begins once, whether or not a notice told of it."""

from datetime import UTC, date, datetime
from typing import Any

import psycopg
import pytest
from pydantic import TypeAdapter

from activities.bank_statements import BankStatements
from models import ids
from models.bank_credit import BankCreditOrder
from models.banking import Side, Statement, StatementLine
from models.ids import PLATFORM_ORG
from models.money import Money
from models.reading import Reading, Source
from runtime.database import Database
from runtime.vault import Vault
from tests.conftest import Urls

NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)


class Bank:
    """Shows the lines it is given."""

    def __init__(self, *lines: StatementLine) -> None:
        self.lines = lines
        self.asked: list[tuple[str, date, date]] = []

    async def statement(self, account: str, first: date, last: date) -> Statement:
        self.asked.append((account, first, last))
        return Statement(lines=self.lines, whole=True, reading=Reading(verdict=None))


def a_line(reference: str | None, *texts: str, side: Side = Side.CREDIT) -> StatementLine:
    return StatementLine(
        on=NOW.date(), side=side, amount=Money(150_000, "KES"), reference=reference, texts=texts,
        balance=None,
    )  # fmt: skip


async def follow(database: Database, vault: Vault, bank: Bank | None) -> int:
    following = BankStatements(database, vault, bank, "77445", livemode=False, clock=lambda: NOW)
    return await following.follow()


async def order_of(urls: Urls, vault: Vault, receipt: str) -> BankCreditOrder:
    query = "select payload_sealed from starts where id = %s and kind = 'bank-credit'"
    with psycopg.connect(urls.admin) as connection:
        row: Any = connection.execute(query, [f"bank/ncba/{receipt}/KES150000"]).fetchone()
    plain = await vault.unseal(PLATFORM_ORG, livemode=False, field="start", sealed=row[0])
    return TypeAdapter(BankCreditOrder).validate_json(plain)


async def test_a_credit_is_accepted_once_however_often_the_statement_shows_it(
    database: Database, vault: Vault
) -> None:
    bank = Bank(a_line("FT1", "school fees"), a_line("FT2", "KTABCDEFGH"))
    counts = [await follow(database, vault, bank) for _ in range(3)]
    assert counts == [2, 0, 0]


async def test_our_reference_is_read_in_any_case_and_the_line_is_named_as_the_source(
    urls: Urls, database: Database, vault: Vault
) -> None:
    await follow(database, vault, Bank(a_line("FT3", "topup kt7abcdefg thanks")))
    order = await order_of(urls, vault, "FT3")
    assert (order.reference, order.source) == ("KT7ABCDEFG", Source.STATEMENT)


async def test_two_references_are_none(urls: Urls, database: Database, vault: Vault) -> None:
    await follow(database, vault, Bank(a_line("FT4", "KT7ABCDEFG", "KT8ABCDEFG")))
    assert (await order_of(urls, vault, "FT4")).reference is None


async def test_the_mobile_receipt_on_the_line_is_another_name_of_the_money(
    urls: Urls, database: Database, vault: Vault
) -> None:
    await follow(database, vault, Bank(a_line("FT5", "MPESA UKLEXS1ZV9 JANE")))
    names = (await order_of(urls, vault, "FT5")).claim()
    assert (names.number, names.aliases) == ("FT5", ("UKLEXS1ZV9",))


async def test_words_that_may_name_an_instruction_of_ours_are_kept(
    urls: Urls, database: Database, vault: Vault
) -> None:
    ours = ids.instruction_id("po_1", "eft", 1)
    await follow(database, vault, Bank(a_line("FT8", f"REVERSAL {ours.upper()} Salary", "KES")))
    assert (await order_of(urls, vault, "FT8")).names == (ours.upper(),)


@pytest.mark.parametrize("word", ["SALARY2026", "INVOICE001", "TKLEXS1ZV9", "UKEEXS1ZV9"])
async def test_a_word_as_long_as_a_receipt_names_no_money(
    urls: Urls, database: Database, vault: Vault, word: str
) -> None:
    await follow(database, vault, Bank(a_line(f"FT-{word}", f"from Jane {word}")))
    assert (await order_of(urls, vault, f"FT-{word}")).claim().aliases == ()


async def test_debits_and_lines_without_the_banks_reference_begin_nothing(
    database: Database, vault: Vault
) -> None:
    bank = Bank(a_line("FT6", "fee", side=Side.DEBIT), a_line(None, "cash"))
    assert await follow(database, vault, bank) == 0


@pytest.mark.parametrize("lines", [(), (a_line("FT7", "x"),)])
async def test_yesterday_and_today_are_asked_for(
    database: Database, vault: Vault, lines: tuple[StatementLine, ...]
) -> None:
    bank = Bank(*lines)
    await follow(database, vault, bank)
    assert bank.asked == [("77445", date(2026, 11, 20), date(2026, 11, 22))]


async def test_without_a_bank_there_is_nothing_to_follow(database: Database, vault: Vault) -> None:
    assert await follow(database, vault, None) == 0
