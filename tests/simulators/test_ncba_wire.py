"""The bank as integrators saw it: firewall, prefixes, shapes, refusals under HTTP 200."""

from typing import Any

import pytest
import pytest_asyncio

from tests.simulators.bank_peer import POOL, Bank, a_bank, today
from tests.simulators.peers import SHORT_CODE, World

pytestmark = pytest.mark.asyncio(loop_scope="session")


@pytest_asyncio.fixture(loop_scope="session")
async def bank(world: World) -> Bank:
    return await a_bank(world)


@pytest.mark.parametrize("agent", ["", "python-httpx/0.28", "python-requests/2", "Python-urllib/3"])
async def test_a_library_is_shown_the_firewalls_page(bank: Bank, agent: str) -> None:
    answer = await bank.post("/Auth/generate-token", {}, **{"User-Agent": agent})
    assert answer.status_code == 403
    assert "Security Notice" in answer.text


async def test_a_lost_prefix_is_404(bank: Bank) -> None:
    lost = await bank.world.http.post("/ncba/api/v1/Auth/generate-token", json={})
    assert (lost.status_code, lost.json()["message"]) == (404, "Resource not found")


async def test_a_token_comes_under_four_names_and_names_no_life(bank: Bank) -> None:
    names = [set((await bank.token()).json()) for _ in range(4)]
    assert {name for said in names for name in said} == {
        "accessToken", "tokenID", "access_token", "token", "tokenType",
    }  # fmt: skip


async def test_a_wrong_password_key_or_token_is_401(bank: Bank) -> None:
    wrong = await bank.token(password="wrong")
    foreign = await bank.post("/Auth/generate-token", {}, **{"Ocp-Apim-Subscription-Key": "x"})
    dead = await bank.post("/AccountDetails/accountdetails", {}, Authorization="Bearer x")
    assert [one.status_code for one in (wrong, foreign, dead)] == [401, 401, 401]


async def test_a_balance_and_its_account(bank: Bank) -> None:
    told = await bank.post("/AccountDetails/accountdetails", {"accountNo": POOL})
    nobody = await bank.post("/AccountDetails/accountdetails", {"accountNo": "123456"})
    assert told.json()["availableBalance"] == "10000000.00"
    assert (nobody.status_code, nobody.json()["resultCode"]) == (200, "114")


async def test_a_short_code_has_an_owner(bank: Bank) -> None:
    asked = {"identifier": SHORT_CODE, "identifierType": "4"}
    said = (await bank.post("/LipaNaMpesaValidation/accountdetails", asked)).json()
    assert (said["errorCode"], said["origanizationShortCode"]) == ("000", SHORT_CODE)
    assert said["OrganizationName"]


async def test_a_float_purchase_is_taken_in_with_000(bank: Bank) -> None:
    answer = await bank.buy()
    said = answer.json()
    assert (answer.status_code, said["resErrorCode"], said["hdrRefNo"]) == (200, "000", "fp_1")


@pytest.mark.parametrize(
    "changes",
    [
        {"reqDebitAmount": 1000},
        {"reqDebitAmount": "0", "reqCreditAmount": "0"},
        {"reqCreditAmount": "999"},
        {"reqTxnDate": "21112026"},
        {"reqMobileNumber": "+254712000001"},
        {"reqTransactionReferenceNo": "a b"},
        {"reqTransactionReferenceNo": "x" * 36},
        {"reqPaymentType": "Float"},
    ],
)
async def test_a_malformed_order_is_400_and_moves_nothing(
    bank: Bank, changes: dict[str, Any]
) -> None:
    answer = await bank.buy(**changes)
    assert answer.status_code == 400
    assert (await bank.book())["accepted"] == 0


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"reqDebitAmount": "90000000", "reqCreditAmount": "90000000"}, "116"),
        ({"reqDebitAccountNumber": "7744510099"}, "114"),
    ],
)
async def test_the_core_refuses_under_http_200(
    bank: Bank, changes: dict[str, str], code: str
) -> None:
    answer = await bank.buy(**changes)
    assert (answer.status_code, answer.json()["resErrorCode"]) == (200, code)
    assert (await bank.book())["accounts"][POOL] == 1_000_000_000


async def test_a_transfer_is_done_at_once_and_stands_on_both_statements(bank: Bank) -> None:
    await bank.order("accounts", account="7744510026", balance_minor=500)
    answer = await bank.transfer("7744510026")
    out, into = await bank.lines(), await bank.lines("7744510026")
    assert answer.json()["resultCode"] == "000"
    assert (out[0]["CreditDebitFlag"], out[0]["DebitAmount"]) == ("Debit", "15.50")
    assert out[0]["RunningBalance"] == "9999984.50"
    assert (into[0]["CreditDebitFlag"], into[0]["CreditAmount"]) == ("Credit", "15.50")
    assert into[0]["Narrative"] == "TR_1 TO THE POOL"
    assert into[0]["InstrumentReferenceNumber"] == out[0]["InstrumentReferenceNumber"]


async def test_a_transfer_to_nobody_is_refused(bank: Bank) -> None:
    answer = await bank.transfer("7744510099")
    assert (answer.status_code, answer.json()["resultCode"]) == (200, "114")
    assert await bank.lines() == []


async def test_a_statement_has_the_days_asked_for_in_two_shapes(bank: Bank) -> None:
    await bank.buy()
    asked = {"fromDate": "01012020", "toDate": "02012020", "accountNo": POOL}
    past = await bank.post("/AccountStatement/accountstatement", asked)
    now = {**asked, "fromDate": today(), "toDate": today()}
    await bank.order("settings", statement_as="list")
    listed = await bank.post("/AccountStatement/accountstatement", now)
    await bank.order("settings", statement_as="transactions")
    wrapped = await bank.post("/AccountStatement/accountstatement", now)
    wrong = await bank.post("/AccountStatement/accountstatement", {**asked, "toDate": "2020-01-02"})
    assert past.json() in ([], {"transactions": []})
    assert listed.json() == wrapped.json()["transactions"]
    assert listed.json()[0]["ValueDate"] == today()
    assert wrong.status_code == 400


async def test_a_repeat_moves_money_again_unless_the_bank_is_told_to_refuse_it(bank: Bank) -> None:
    await bank.buy()
    again = await bank.buy()
    await bank.order("settings", refuses_repeats=True)
    third = await bank.buy()
    assert (again.json()["resErrorCode"], third.json()["resErrorCode"]) == ("000", "094")
    assert len(await bank.lines()) == 2
