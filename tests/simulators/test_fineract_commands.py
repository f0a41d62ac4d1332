"""Commands of the simulated Fineract: checks in order, keys, parking, locks."""

import asyncio
from typing import Any

import pytest
import pytest_asyncio

from tests.simulators.lenders import DAY, TODAY, Lender, a_lender, code
from tests.simulators.peers import World

pytestmark = pytest.mark.asyncio(loop_scope="session")

STATE = "error.msg.loan.disbursal.account.is.not.approve.not.disbursed.state"


@pytest_asyncio.fixture(loop_scope="session")
async def lender(world: World) -> Lender:
    return await a_lender(world)


async def test_a_disbursement_answers_status_300_and_its_transaction(lender: Lender) -> None:
    key = await lender.new_loan()
    answer = (await lender.disburse(key, externalId="ext-1", receiptNumber="TKL3")).json()
    line = (await lender.loan(key))["transactions"][0]
    assert (answer["resourceId"], answer["loanId"]) == (key, key)
    assert answer["changes"]["status"]["id"] == 300
    assert (answer["subResourceId"], answer["subResourceExternalId"]) == (line["id"], "ext-1")
    assert (line["amount"], line["externalId"]) == (10000.0, "ext-1")
    assert line["paymentDetailData"]["receiptNumber"] == "TKL3"
    booked = (await lender.book())["transactions"][0]
    assert (booked["amount_minor"], booked["receipt"], booked["on"]) == (1_000_000, "TKL3", TODAY)


async def test_a_loan_is_given_out_once(lender: Lender) -> None:
    key = await lender.new_loan()
    await lender.disburse(key)
    assert code(await lender.disburse(key)) == (400, STATE)
    assert await lender.times(key) == 1


@pytest.mark.parametrize(
    ("loan", "switches", "sent", "status", "part"),
    [
        ({}, {}, {"xyz": 1}, 400, "parameter.unsupported"),
        ({}, {}, {"locale": None}, 400, "missing.locale"),
        ({}, {}, {"actualDisbursementDate": "21/11/2026"}, 400, "invalid.dateFormat"),
        ({"approved": False}, {}, {}, 400, "not.approve.not.disbursed"),
        ({}, {"working_days": "MO"}, {}, 403, "nonworking.day"),
        ({}, {"holidays": [{"first": TODAY, "last": TODAY}]}, {}, 403, "on.holiday"),
        ({"approved_on": "2026-11-20"}, {}, {"actualDisbursementDate": "2026-11-19"}, 403,
         "before.approval.date"),
        ({}, {}, {"transactionAmount": 10001}, 403, "greater.than"),
        ({"first_repayment_on": "2026-11-20", "approved_on": "2026-11-01"}, {}, {}, 403,
         "first.repayment.date"),
        ({}, {"business_date": "2026-11-20"}, {"transactionAmount": 1}, 403, "future.date"),
        ({}, {}, {"paymentTypeId": 999}, 404, "paymenttype"),
    ],
)  # fmt: skip
async def test_each_check_refuses_in_its_own_words_and_books_nothing(
    *,
    lender: Lender,
    loan: dict[str, Any],
    switches: dict[str, Any],
    sent: dict[str, Any],
    status: int,
    part: str,
) -> None:
    # Approved before a business date that a case turns back.
    key = await lender.new_loan(**{"approved_on": "2026-11-19", **loan})
    await lender.turn(**switches)
    found, said = code(await lender.disburse(key, **sent))
    assert (found, part in said) == (status, True), said
    assert await lender.times(key) == 0


async def test_state_comes_before_the_date_and_the_date_before_the_amount(lender: Lender) -> None:
    waiting, approved = await lender.new_loan(approved=False), await lender.new_loan()
    await lender.turn(working_days="MO")
    assert code(await lender.disburse(waiting, transactionAmount=99999))[1] == STATE
    assert "nonworking" in code(await lender.disburse(approved, transactionAmount=99999))[1]


async def test_an_inactive_client_is_paid_nothing(lender: Lender) -> None:
    client = (await lender.order("clients", active=False)).json()["client_id"]
    key = await lender.new_loan(client_id=client)
    assert code(await lender.disburse(key))[1].startswith("error.msg.client.not.active")


async def test_an_external_id_names_one_transaction_of_the_tenant(lender: Lender) -> None:
    first, second = await lender.new_loans(count=2)
    await lender.disburse(first, externalId="same")
    refused = await lender.disburse(second, externalId="same")
    assert code(refused)[0] == 400
    assert "must.be.unique" in code(refused)[1]
    other = await a_second_tenant(lender)
    assert (await other.disburse(await other.new_loan(), externalId="same")).status_code == 200


async def a_second_tenant(lender: Lender) -> Lender:
    other = Lender(lender.world, "sacco-two")
    await other.turn(business_date=TODAY)
    return other


async def test_a_key_answers_again_and_books_once(lender: Lender) -> None:
    key = await lender.new_loan()
    first, again = await lender.disburse(key, key="k1"), await lender.disburse(key, key="k1")
    assert (again.status_code, again.json()) == (200, first.json())
    assert "x-served-from-cache" not in first.headers
    assert again.headers["x-served-from-cache"] == "true"
    assert await lender.times(key) == 1


async def test_a_key_is_kept_per_action_not_per_loan(lender: Lender) -> None:
    first, second = await lender.new_loans(count=2)
    await lender.disburse(first, key="k")
    foreign = (await lender.disburse(second, key="k")).json()
    repaid = await lender.repay(first, key="k")
    assert foreign["loanId"] == first
    assert await lender.times(second) == 0
    assert repaid.json()["changes"]["transactionAmount"] == 100


async def test_a_failure_is_kept_under_its_key_for_ever(lender: Lender) -> None:
    key = await lender.new_loan()
    await lender.turn(working_days="MO")
    refused = await lender.disburse(key, key="k1")
    await lender.turn(working_days="MO,TU,WE,TH,FR,SA,SU")
    again = await lender.disburse(key, key="k1")
    assert (again.status_code, again.json()) == (403, refused.json())
    assert again.headers["x-served-from-cache"] == "true"
    assert (await lender.disburse(key, key="k2")).status_code == 200


async def test_a_key_longer_than_its_column_is_an_integrity_error(lender: Lender) -> None:
    key = await lender.new_loan()
    assert "integrity" in code(await lender.disburse(key, key="k" * 51))[1]
    assert (await lender.disburse(key, key="k" * 50)).status_code == 200


async def test_a_key_at_work_is_425(lender: Lender) -> None:
    key = await lender.new_loan()
    await lender.turn(command_seconds=1)
    both = await asyncio.gather(*(lender.disburse(key, key="k") for _ in range(2)))
    again = await lender.disburse(key, key="k")
    assert sorted(answer.status_code for answer in both) == [200, 425]
    assert again.json() in [answer.json() for answer in both if answer.status_code == 200]
    assert await lender.times(key) == 1


async def test_an_old_server_ignores_the_key(lender: Lender) -> None:
    await lender.turn(version="1.8.4")
    key = await lender.new_loan()
    first = await lender.disburse(key, key="k")
    assert "subResourceId" not in first.json()
    assert code(await lender.disburse(key, key="k")) == (400, STATE)


async def test_a_parked_command_is_200_and_books_nothing_until_a_checker_approves(
    lender: Lender,
) -> None:
    key = await lender.new_loan()
    await lender.turn(maker_checker=["DISBURSE_LOAN"])
    parked = await lender.disburse(key)
    assert (parked.status_code, parked.json()["rollbackTransaction"]) == (200, True)
    assert "changes" not in parked.json()
    assert await lender.times(key) == 0
    boss = Lender(lender.world, user="mifos")
    path = f"/makercheckers/{parked.json()['commandId']}?command=approve"
    assert (await lender.post(path, {})).status_code == 403
    assert (await boss.post(path, {})).json()["changes"]["status"]["id"] == 300
    assert await lender.times(key) == 1


async def test_a_command_that_could_not_be_done_is_not_parked(lender: Lender) -> None:
    key = await lender.new_loan(approved=False)
    await lender.turn(maker_checker=["DISBURSE_LOAN"])
    assert code(await lender.disburse(key)) == (400, STATE)


async def test_a_checker_is_not_checked(lender: Lender) -> None:
    await lender.turn(maker_checker=["DISBURSE_LOAN"])
    boss = Lender(lender.world, user="mifos")
    assert "changes" in (await boss.disburse(await lender.new_loan())).json()


async def test_a_locked_loan_is_409_under_its_key_even_when_free_again(lender: Lender) -> None:
    key = await lender.new_loan()
    await lender.order(f"loans/{key}", act="lock")
    assert code(await lender.disburse(key, key="k1")) == (409, "error.msg.loan.locked")
    await lender.order(f"loans/{key}", act="unlock")
    assert (await lender.disburse(key, key="k1")).status_code == 409
    assert (await lender.disburse(key, key="k2")).status_code == 200


async def test_a_disbursement_can_be_undone_and_done_again(lender: Lender) -> None:
    key = await lender.new_loan()
    await lender.disburse(key, externalId="one")
    undone = (await lender.post(f"/loans/{key}?command=undoDisbursal", {"note": "x"})).json()
    assert undone["changes"]["status"]["id"] == 200
    assert undone["changes"]["actualDisbursementDate"] == ""
    assert (await lender.disburse(key, externalId="two")).status_code == 200
    assert await lender.times(key) == 1


async def test_repayments_close_a_loan_and_may_overpay_it(lender: Lender) -> None:
    key = await lender.new_loan()
    assert "not.active" in code(await lender.repay(key))[1]
    await lender.disburse(key)
    first = (await lender.repay(key, transactionAmount=4000, externalId="TKR1")).json()
    assert (first["loanId"], first["resourceExternalId"]) == (key, "TKR1")
    assert (await lender.loan(key))["summary"]["totalOutstanding"] == 6000.0
    await lender.repay(key, transactionAmount="6000.00")
    closed = (await lender.loan(key))["status"]["id"]
    await lender.repay(key, transactionAmount=1)
    assert (closed, (await lender.loan(key))["status"]["id"]) == (600, 700)
    assert "must.be.unique" in code(await lender.repay(key, externalId="TKR1"))[1]


async def test_a_schedule_says_what_is_open(lender: Lender) -> None:
    key = await lender.new_loan(first_repayment_on="2026-12-21")
    await lender.disburse(key)
    await lender.repay(key, transactionAmount=4000)
    periods = (await lender.loan(key))["repaymentSchedule"]["periods"]
    assert [period.get("complete") for period in periods] == [None, True, False, False]
    assert periods[2]["dueDate"] == [2027, 1, 21]
    assert periods[2]["totalOutstandingForPeriod"] == 2666.68


async def test_a_transaction_can_be_taken_back_once(lender: Lender) -> None:
    key = await lender.new_loan()
    await lender.disburse(key)
    line = (await lender.repay(key)).json()["resourceId"]
    body = {"transactionDate": TODAY, "transactionAmount": 0, **DAY}
    path = f"/loans/{key}/transactions/{line}?command=undo"
    assert (await lender.post(path, body)).json()["resourceId"] == line
    assert (await lender.loan(key))["transactions"][1]["manuallyReversed"] is True
    assert code(await lender.post(path, body))[0] == 400


async def test_a_deposit_lands_on_a_savings_account(lender: Lender) -> None:
    savings = (await lender.order("clients", savings=True)).json()["savings_id"]
    body = {"transactionDate": TODAY, "transactionAmount": 250.5, **DAY}
    made = await lender.post(f"/savingsaccounts/{savings}/transactions?command=deposit", body)
    shown = (await lender.get(f"/savingsaccounts/{savings}", associations="all")).json()
    assert made.json()["savingsId"] == savings
    assert shown["summary"]["accountBalance"] == 250.5
    assert shown["transactions"][0]["id"] == made.json()["resourceId"]
