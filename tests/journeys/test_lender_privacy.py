"""What belongs to a lender's clients and approvers is readable nowhere: logs, Temporal, columns."""

import re
from dataclasses import replace

import psycopg

from cli.demo.client import Keys
from cli.demo.vault import bank, floats, loans
from cli.demo.vault.lenders import LENDERS
from cli.demo.vault.run import enrolled
from cli.stack.stack import Stack
from tests.journeys.test_privacy import holding

#: Numbers, a name and a password no other test uses.
CLIENT, APPROVER = "254711902838", "254711902839"
PASSWORD, NAME = "planted-initiator-9", "Wambui Siri Kubwa"
SIRI = replace(
    LENDERS[1],
    name="Siri Sacco",
    payer="600811",
    pay_bill="600812",
    app="siri",
    approver=f"+{APPROVER}",
    password=PASSWORD,
)
LOAN = loans.Story(title="paid to a planted number", client=NAME, payee=f"0{CLIENT[3:]}")
_TABLES = """
select quote_ident(table_name) from information_schema.tables
 where table_schema = 'public' and table_type = 'BASE TABLE'"""


def rows_with(stack: Stack, code: str) -> list[str]:
    """Tables with a row that shows the code; parts of a second and longer numbers do not count."""
    pattern = f"(^|[^0-9.]){code}([^0-9]|$)"
    found = []
    with psycopg.connect(stack.urls.database_admin) as connection:
        for (table,) in connection.execute(_TABLES).fetchall():
            query = f"select count(*) from {table} t where t::text ~ %s"
            row = connection.execute(query, [pattern]).fetchone()
            if row and row[0]:
                found.append(table)
    return found


def logs_with(stack: Stack, code: str) -> list[str]:
    """Logs of our own processes that show the code."""
    pattern = re.compile(rf"(?<![0-9.]){code}(?![0-9])")
    logs = [path for path in stack.state.logs.glob("*.log") if path.stem != "simulators"]
    return [path.name for path in logs if pattern.search(path.read_text())]


async def test_phones_names_secrets_and_codes_are_nowhere_in_clear(
    stack: Stack, keys: Keys
) -> None:
    async with enrolled(stack, keys, SIRI) as player:
        await bank.register(player.client, stack.urls.api, stack.settings().callback_secret)
        assert (await bank.top_up(player, 5_000_000, form="xml")).as_expected
        loan = await loans.approve(player, LOAN)
        await player.client.post("/v1/loans/poll")
        where = await loans.found(player, loan)
        assert (await player.follow(LOAN.title, where, "disbursed")).as_expected
        where, code = await floats.quoted(player, 100_000)
        await player.client.post(f"{where}/otp", {"code": code})
        assert (await player.follow("float", where, "settled")).as_expected
    planted = [CLIENT, CLIENT[3:], APPROVER, APPROVER[3:], PASSWORD, NAME, f"{code} is your code"]
    assert holding(stack.state.path, planted) == []
    assert (rows_with(stack, code), logs_with(stack, code)) == ([], [])


async def test_the_search_for_a_code_would_find_it(stack: Stack) -> None:
    assert "orgs" in rows_with(stack, "2026")
