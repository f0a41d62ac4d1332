"""What is asked of the bank: statements, balances, owners of short codes, the door itself."""

import json
from datetime import date

import httpx
import pytest

from models.banking import Side
from models.money import Money
from models.reading import Reason, Verdict
from tests.providers.ncba.bank_line import KEYS, PAGE, a_client, json_

R, U = Verdict.REFUSED, Verdict.UNKNOWN
ROW = {
    "ValueDate": "21112026",
    "CreditDebitFlag": "Debit",
    "InstrumentReferenceNumber": "FT26",
    "CreditAmount": "0.00",
    "DebitAmount": "1,000.00",
    "RunningBalance": "-250.50",
    "Narrative": "FLOAT PURCHASE FP_01JABC",
    "TransactionCurrency": "KES",
}


@pytest.mark.parametrize("body", [[ROW], {"transactions": [ROW]}, ROW])
async def test_a_statement_is_a_list_a_wrapped_list_or_one_row(body: object) -> None:
    client, bank = a_client(httpx.Response(200, json=body))
    found = await client.statement("7744510018", date(2026, 11, 20), date(2026, 11, 21))
    assert json.loads(bank.sent[0].content) == {
        "fromDate": "20112026",
        "toDate": "21112026",
        "country": "Kenya",
        "accountNo": "7744510018",
    }
    (line,) = found.lines
    assert found.whole
    assert (line.on, line.side, line.amount) == (
        date(2026, 11, 21),
        Side.DEBIT,
        Money(100_000, "KES"),
    )
    assert line.balance == Money(-25_050, "KES")
    assert line.names("fp_01jabc")


@pytest.mark.parametrize(
    "answer",
    [
        httpx.Response(200, json=[ROW, {**ROW, "DebitAmount": "much"}]),
        httpx.Response(200, json=[ROW, {**ROW, "ValueDate": "2026-11-21"}]),
        httpx.Response(200, json=[ROW, {**ROW, "CreditDebitFlag": "?"}]),
        httpx.Response(200, json=[ROW, 7]),
        httpx.Response(200, json={}),
        httpx.Response(200, json={"transactions": None}),
        httpx.Response(200, json={"resErrorCode": "114", "resErrorMessage": "Invalid account"}),
        httpx.Response(200, content=PAGE),
        httpx.Response(500, json=[ROW]),
    ],
)
async def test_a_statement_that_is_not_all_there_proves_no_absence(answer: httpx.Response) -> None:
    client, _ = a_client(answer)
    found = await client.statement("7744510018", date(2026, 11, 21), date(2026, 11, 21))
    assert not found.whole
    assert found.reading.reason is not None


async def test_an_empty_statement_is_whole() -> None:
    client, _ = a_client(httpx.Response(200, json=[]))
    found = await client.statement("7744510018", date(2026, 11, 21), date(2026, 11, 21))
    assert (found.lines, found.whole) == ((), True)


async def test_a_balance_is_told_and_says_nothing_about_any_order() -> None:
    client, bank = a_client(json_(availableBalance="-12.50", currency="KES"))
    reading = await client.balance("7744510018")
    assert json.loads(bank.sent[0].content) == {"country": "Kenya", "accountNo": "7744510018"}
    assert (reading.verdict, reading.amount) == (None, Money(-1250, "KES"))


@pytest.mark.parametrize(
    "answer",
    [json_(403), json_(availableBalance="?"), json_(resErrorCode="114"), httpx.Response(200)],
)
async def test_a_balance_that_is_not_told_has_no_amount(answer: httpx.Response) -> None:
    client, _ = a_client(answer)
    reading = await client.balance("7744510018")
    assert reading.amount is None
    assert reading.reason is not None


OWNER = {"errorCode": "000", "OrganizationName": "ACME LTD", "origanizationShortCode": "4120187"}


@pytest.mark.parametrize(("till", "kind"), [(False, "4"), (True, "2")])
async def test_a_short_codes_owner_is_asked_by_kind(till: bool, kind: str) -> None:
    client, bank = a_client(json_(**OWNER))
    found = await client.validate_short_code("4120187", till=till)
    assert json.loads(bank.sent[0].content) == {"identifier": "4120187", "identifierType": kind}
    assert found.name == "ACME LTD"


@pytest.mark.parametrize(
    "answer",
    [
        json_(**{**OWNER, "errorCode": "115"}),
        json_(**{**OWNER, "OrganizationName": ""}),
        json_(**{**OWNER, "origanizationShortCode": "600000"}),
        json_(OrganizationName="ACME LTD"),
        json_(500, **OWNER),
        httpx.Response(403, content=PAGE),
    ],
)
async def test_an_owner_the_bank_does_not_vouch_for_is_none(answer: httpx.Response) -> None:
    client, _ = a_client(answer)
    found = await client.validate_short_code("4120187")
    assert found.name is None
    assert found.reading.verdict in {R, U}


async def test_authenticating_asks_for_a_token_and_moves_nothing() -> None:
    client, bank = a_client()
    assert (await client.authenticate()).reason is None
    assert (len(bank.token_calls), bank.sent) == (1, [])
    refused, _ = a_client(tokens=(json_(401),))
    assert (await refused.authenticate()).reason is Reason.CREDENTIALS


def test_keys_never_print_their_secrets() -> None:
    assert "canary-password" not in repr(KEYS)
    assert "canary-key" not in repr(KEYS)
