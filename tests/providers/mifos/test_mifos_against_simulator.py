"""Our client against the simulated Fineract on a real socket; its book is the witness."""

from dataclasses import replace
from datetime import date

import pytest

from models.ids import fineract_key
from models.lender_orders import Deposit, Disbursement, Repayment, Undo, next_try
from models.money import Money
from models.reading import Reading, Reason, Verdict
from providers.contract import Ambiguous
from providers.mifos.client import MifosClient
from tests.simulators.lenders import TODAY, Lender

pytestmark = pytest.mark.asyncio(loop_scope="module")

S, R, U, P = Verdict.SETTLED, Verdict.REFUSED, Verdict.UNKNOWN, Verdict.PENDING


async def an_order(client: MifosClient, loan: int, number: int = 1) -> Disbursement:
    """The disbursement of a loan, as the vault would book it."""
    named = await client.payment_type("Mobile Money")
    assert named
    on, amount, receipt = date.fromisoformat(TODAY), Money(1_000_000, "KES"), f"RCPT{loan}"
    key = fineract_key(
        tenant="default",
        loan=loan,
        receipt=receipt,
        op="disburse",
        amount_minor=amount.minor,
        on=on,
        try_number=number,
    )
    return Disbursement(
        loan_id=loan,
        on=on,
        amount=amount,
        payment_type_id=named,
        receipt=receipt,
        external_id=f"ins_{loan}",
        account_number="254712000001",
        note="M-Pesa",
        idempotency_key=key,
    )


async def tried(client: MifosClient, order: Disbursement) -> Reading | None:
    """What a disbursement says; None when it left and nothing readable came back."""
    try:
        return await client.disburse(order)
    except Ambiguous:
        return None


async def test_a_disbursement_is_booked_as_ordered_and_read_back(
    lender: Lender, client: MifosClient
) -> None:
    order = await an_order(client, await lender.new_loan())
    said, found = await client.disburse(order), await client.inquire(order)
    assert (said.verdict, found.verdict) == (S, S)
    assert said.provider_reference == found.provider_reference
    (line,) = (await lender.book())["transactions"]
    assert (line["external_id"], line["receipt"]) == (order.external_id, order.receipt)
    assert (line["amount_minor"], line["currency"]) == (1_000_000, "KES")


#: Fault, what the first try says (None: nothing), what reading back says, what the next try says.
FAULTS = [
    ("lost_answer", None, S, S),
    ("reset_mid_body", None, S, S),
    ("error_after_accept", U, S, S),
    ("malformed_json", U, S, S),
    ("html_error_page", U, S, S),
    ("not_received", None, U, S),
    ("server_error_storm", U, U, S),
    ("spike_arrest", U, U, S),
    ("rate_limited", R, U, S),
    ("misconfigured", R, U, S),
    ("cob_lock", R, U, S),
    ("stored_failure", U, U, U),
]


@pytest.mark.parametrize(("fault", "first", "asked", "second"), FAULTS)
async def test_whatever_goes_wrong_the_loan_is_booked_once(
    *,
    lender: Lender,
    client: MifosClient,
    fault: str,
    first: Verdict | None,
    asked: Verdict,
    second: Verdict,
) -> None:
    order = await an_order(client, await lender.new_loan())
    await lender.order("faults", fault=fault, operation="disburse", account=order.loan_id)
    said = await tried(client, order)
    assert (said.verdict if said else None) is first
    assert (await client.inquire(order)).verdict is asked
    number = next_try(1, said)
    again = await client.disburse(await an_order(client, order.loan_id, number))
    assert again.verdict is second
    last = await client.disburse(await an_order(client, order.loan_id, next_try(number, again)))
    assert last.verdict is S
    assert await lender.times(order.loan_id) == 1


async def test_a_key_still_at_work_is_sent_again_until_it_answers(
    lender: Lender, client: MifosClient
) -> None:
    order = await an_order(client, await lender.new_loan())
    await lender.order("settings", late_after_seconds=8)
    await lender.order("faults", fault="slow_commit", account=order.loan_id)
    assert await tried(client, order) is None
    said = await client.disburse(order)
    assert (said.reason, said.retryable, next_try(1, said)) == (Reason.IN_PROGRESS, True, 1)
    while said.reason is Reason.IN_PROGRESS:
        said = await client.disburse(order)
    assert said.verdict is S
    assert await lender.times(order.loan_id) == 1


async def test_a_key_that_names_another_loan_proves_nothing(
    lender: Lender, client: MifosClient
) -> None:
    first, second = await lender.new_loans(count=2)
    order = await an_order(client, first)
    await client.disburse(order)
    other = replace(await an_order(client, second), idempotency_key=order.idempotency_key)
    reading = await client.disburse(other)
    assert (reading.verdict, reading.reason) == (U, Reason.MISMATCH)
    assert (await client.inquire(other)).reason is Reason.NOT_FOUND


async def test_a_parked_disbursement_is_never_taken_for_one(
    lender: Lender, client: MifosClient
) -> None:
    await lender.turn(maker_checker=["DISBURSE_LOAN"])
    access = await client.authenticate()
    order = await an_order(client, await lender.new_loan())
    reading = await client.disburse(order)
    assert await client.maker_checker_on("DISBURSE_LOAN", access)
    assert (reading.verdict, reading.reason) == (P, Reason.PARKED)
    assert (await client.inquire(order)).verdict is U
    assert await lender.times(order.loan_id) == 0


async def test_an_officer_who_was_faster_is_seen(lender: Lender, client: MifosClient) -> None:
    order = await an_order(client, await lender.new_loan())
    await lender.order(f"loans/{order.loan_id}", act="disburse")
    said, found = await client.disburse(order), await client.inquire(order)
    assert (said.verdict, said.reason) == (U, Reason.DUPLICATE)
    assert (found.verdict, found.reason) == (U, Reason.DUPLICATE)


async def test_repayment_and_deposit_are_posted_once_and_can_be_undone(
    lender: Lender, client: MifosClient
) -> None:
    ids = (await lender.order("clients", savings=True)).json()
    order = await an_order(client, await lender.new_loan(client_id=ids["client_id"]))
    await client.disburse(order)
    facts = {
        name: getattr(order, name) for name in ("on", "payment_type_id", "account_number", "note")
    }
    repayment = Repayment(
        loan_id=order.loan_id, amount=Money(40_050, "KES"), receipt="TKR1", external_id="TKR1",
        idempotency_key="r1", **facts,
    )  # fmt: skip
    deposit = Deposit(
        savings_id=ids["savings_id"], amount=Money(500, "KES"), receipt="TKD1",
        external_id="TKD1", idempotency_key="d1", **facts,
    )  # fmt: skip
    repaid, saved = await client.repay(repayment), await client.deposit(deposit)
    again = await client.repay(replace(repayment, idempotency_key="r2"))
    assert (repaid.verdict, saved.verdict) == (S, S)
    assert (again.verdict, again.reason) == (U, Reason.DUPLICATE)
    assert (await client.inquire(repayment)).verdict is S
    assert (await client.inquire(deposit)).verdict is S
    undo = Undo(
        account_id=order.loan_id,
        idempotency_key="u1",
        transaction_id=int(repaid.provider_reference or 0),
        on=order.on,
    )
    assert (await client.undo_transaction(undo)).verdict is S
    assert (await client.inquire(repayment)).reason is Reason.MISMATCH
    back = replace(undo, idempotency_key="u2", transaction_id=None)
    assert (await client.undo_disbursal(back)).verdict is S
    assert (await client.inquire(order)).reason is Reason.NOT_FOUND


async def test_what_the_books_hold_is_read_as_records(lender: Lender, client: MifosClient) -> None:
    made = await lender.order("clients", name="Amina", mobile="+254 712 345678", savings=True)
    ids = made.json()
    key = await lender.new_loan(
        client_id=ids["client_id"], net_minor=950_000, first_repayment_on="2026-12-21"
    )
    loan, person = await client.loan(key), await client.client(ids["client_id"])
    assert loan
    assert person
    assert (loan.approved_principal, loan.net_disbursal) == (
        Money(1_000_000, "KES"),
        Money(950_000, "KES"),
    )
    assert loan.schedule.next_due_on == loan.first_repayment_on == date(2026, 12, 21)
    assert (person.name, person.mobile, person.active) == ("Amina", "+254 712 345678", True)
    kinds = [account.kind for account in await client.client_accounts(person.id)]
    assert kinds == ["LOAN", "SAVINGS"]
    assert {hit.kind for hit in await client.search(loan.account_no)} >= {"LOAN"}
    assert [found.id for found in await client.loans_by_account(loan.account_no)] == [key]
    savings = await client.savings_account(ids["savings_id"])
    assert savings
    assert savings.balance == Money(0, "KES")
    assert len(await client.products()) == 3


async def test_the_calendar_forbids_what_mifos_would_refuse(
    lender: Lender, client: MifosClient
) -> None:
    key = await lender.new_loan(approved_on="2026-11-19")
    loan = await client.loan(key)
    assert loan
    await lender.turn(
        working_days="MO,TU,WE,TH,FR", holidays=[{"first": "2026-11-20", "last": "2026-11-20"}]
    )
    calendar = await client.calendar(1)
    refused = []
    for day in ("2026-11-18", "2026-11-19", "2026-11-20", "2026-11-21", "2026-11-22"):
        on = date.fromisoformat(day)
        order = replace(await an_order(client, key), on=on, idempotency_key=day)
        forbidden = calendar.forbids(loan, on, today=on)
        said = await client.disburse(order) if forbidden else None
        refused.append((str(forbidden), said.reason if said else None))
    assert refused == [
        ("before_approval", Reason.DATE_REFUSED),
        ("None", None),
        ("holiday", Reason.DATE_REFUSED),
        ("non_working_day", Reason.DATE_REFUSED),
        ("future_date", Reason.DATE_REFUSED),
    ]
