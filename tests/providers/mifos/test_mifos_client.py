"""What Mifos X is sent, field by field, and what each class of answer means for the order."""

import base64
import json
from dataclasses import replace
from typing import Any

import httpx
import pytest

from models.lender_orders import Deposit, Disbursement, Repayment, Undo, next_try
from models.money import Money
from models.reading import Reading, Reason, Verdict
from providers.contract import Ambiguous, Unreachable
from providers.mifos.connection import MifosRefused
from tests.providers.sheets.mifos import (
    DEPOSIT,
    DISBURSEMENT,
    EXTERNAL,
    KEYS,
    PARKED,
    REPAYMENT,
    a_client,
    a_loan,
    booked,
    disbursed,
    envelope,
    line,
    wire,
)

BASE = "/fineract-provider/api/v1"
UNDO = Undo(account_id=1, idempotency_key="b" * 48, transaction_id=22, on=DISBURSEMENT.on)


def reply(body: Any, status: int = 200, **headers: str) -> httpx.Response:
    """An answer of the server."""
    content = body if isinstance(body, bytes) else wire(body)
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return httpx.Response(status, content=content, headers=named)


async def sent_by(order: Disbursement | Repayment | Deposit, answer: httpx.Response) -> Reading:
    """What the client makes of the answer to an order."""
    client, _ = a_client(answer)
    if isinstance(order, Disbursement):
        return await client.disburse(order)
    if isinstance(order, Repayment):
        return await client.repay(order)
    return await client.deposit(order)


async def test_every_call_carries_tenant_and_credentials() -> None:
    client, sent = a_client(reply([]))
    await client.products()
    pair = base64.b64encode(b"kauri:canary-password").decode()
    assert sent[0].headers["Fineract-Platform-TenantId"] == "default"
    assert sent[0].headers["Authorization"] == f"Basic {pair}"
    assert str(sent[0].url) == f"https://mifos.example{BASE}/loanproducts"
    assert "canary" not in repr(KEYS)


async def test_a_disbursement_carries_every_field_and_its_key() -> None:
    client, sent = a_client(reply(disbursed()))
    await client.disburse(DISBURSEMENT)
    (call,) = sent
    assert call.url.path == f"{BASE}/loans/1"
    assert call.url.params["command"] == "disburse"
    assert call.headers["Idempotency-Key"] == "a" * 48
    assert json.loads(call.content) == {
        "actualDisbursementDate": "2026-11-21",
        "dateFormat": "yyyy-MM-dd",
        "locale": "en",
        "transactionAmount": 10000,
        "paymentTypeId": 26,
        "receiptNumber": "TKL3XYZ9AB",
        "accountNumber": "254712000001",
        "externalId": EXTERNAL,
    }


async def test_cents_are_sent_as_plain_text() -> None:
    client, sent = a_client(reply(booked()))
    await client.repay(replace(REPAYMENT, amount=Money(50_050, "KES"), note="x" * 2000))
    body = json.loads(sent[0].content)
    assert (body["transactionAmount"], len(body["note"])) == ("500.50", 1000)
    assert sent[0].url.path == f"{BASE}/loans/1/transactions"
    assert body["transactionDate"] == "2026-11-21"


@pytest.mark.parametrize(
    ("order", "answer"),
    [(DISBURSEMENT, disbursed()), (REPAYMENT, booked()), (DEPOSIT, booked("savingsId", 7))],
)
async def test_an_answer_about_our_order_settles_it(order: Any, answer: dict[str, Any]) -> None:
    reading = await sent_by(order, reply(answer))
    assert (reading.verdict, reading.our_reference) == (Verdict.SETTLED, EXTERNAL)
    assert reading.amount == order.amount


@pytest.mark.parametrize(
    ("order", "answer"),
    [
        (DISBURSEMENT, disbursed(loanId=2)),
        (DISBURSEMENT, disbursed(subResourceExternalId="foreign")),
        (REPAYMENT, booked(key=2)),
        (REPAYMENT, booked(changes={})),
        (REPAYMENT, booked(changes={"transactionAmount": 1})),
        (REPAYMENT, booked(resourceExternalId="foreign")),
        (DEPOSIT, booked("savingsId", 8)),
        (DEPOSIT, booked()),
    ],
)
async def test_a_success_that_speaks_of_something_else_is_unknown(
    order: Any, answer: dict[str, Any]
) -> None:
    reading = await sent_by(order, reply(answer))
    assert (reading.verdict, reading.reason) == (Verdict.UNKNOWN, Reason.MISMATCH)


async def test_a_disbursement_may_leave_the_amount_unsaid() -> None:
    silent = disbursed(changes={"status": {"id": 300}})
    assert (await sent_by(DISBURSEMENT, reply(silent))).verdict is Verdict.SETTLED


async def test_a_parked_command_is_pending() -> None:
    for order in (DISBURSEMENT, REPAYMENT, DEPOSIT):
        reading = await sent_by(order, reply(PARKED))
        assert (reading.verdict, reading.reason) == (Verdict.PENDING, Reason.PARKED)


RULE = "validation.msg.domain.rule.violation"
CLASSES = [
    (400, "validation.msg.loan.externalId.value.must.be.unique", Verdict.UNKNOWN, False),
    (400, "validation.msg.missing.locale.parameter", Verdict.REFUSED, False),
    (401, "error.msg.not.authenticated", Verdict.REFUSED, False),
    (403, "error.msg.not.authorized", Verdict.REFUSED, False),
    (403, "error.msg.loan.disbursal.cannot.be.a.future.date", Verdict.REFUSED, False),
    (404, "error.msg.resource.not.found", Verdict.REFUSED, False),
    (409, "error.msg.loan.locked", Verdict.REFUSED, True),
    (425, "error.msg.idempotency.command.under.processing", Verdict.REFUSED, True),
    (500, "error.msg.platform.server.side.error", Verdict.UNKNOWN, False),
    (503, "error.msg.platform.server.side.error", Verdict.UNKNOWN, False),
]


@pytest.mark.parametrize(("status", "code", "verdict", "again"), CLASSES)
async def test_a_failure_is_of_the_class_the_contract_says(
    *, status: int, code: str, verdict: Verdict, again: bool
) -> None:
    for order in (DISBURSEMENT, REPAYMENT, DEPOSIT):
        reading = await sent_by(order, reply(envelope(status, code), status))
        assert (reading.verdict, reading.retryable) == (verdict, again)


async def test_a_stored_failure_spends_the_key() -> None:
    fresh = await sent_by(DISBURSEMENT, reply(envelope(500, "x"), 500))
    stored = await sent_by(DISBURSEMENT, reply(envelope(500, "x"), 500, x_served_from_cache="true"))
    assert (fresh.reason, next_try(1, fresh)) == (Reason.PROVIDER_ERROR, 1)
    assert (stored.reason, next_try(1, stored)) == (Reason.KEY_SPENT, 2)
    assert stored.verdict is Verdict.UNKNOWN


async def test_a_stored_success_is_a_success() -> None:
    reading = await sent_by(DISBURSEMENT, reply(disbursed(), x_served_from_cache="true"))
    assert reading.verdict is Verdict.SETTLED


@pytest.mark.parametrize(
    ("error", "raised"),
    [(httpx.ConnectError("x"), Unreachable), (httpx.ReadTimeout("x"), Ambiguous)],
)
async def test_no_answer_is_never_a_reading(error: Exception, raised: type[Exception]) -> None:
    def fail(_request: httpx.Request) -> httpx.Response:
        raise error

    client, sent = a_client(fail)
    with pytest.raises(raised):
        await client.disburse(DISBURSEMENT)
    assert len(sent) == 1


async def test_a_disbursement_is_undone_when_the_loan_waits_again() -> None:
    undone = disbursed(changes={"status": {"id": 200}, "actualDisbursementDate": ""})
    client, sent = a_client(reply(undone))
    assert (await client.undo_disbursal(UNDO)).verdict is Verdict.SETTLED
    assert sent[0].url.params["command"] == "undoDisbursal"
    still, _ = a_client(reply(disbursed()))
    assert (await still.undo_disbursal(UNDO)).verdict is Verdict.UNKNOWN
    other, _ = a_client(reply(undone | {"loanId": 2}))
    assert (await other.undo_disbursal(UNDO)).reason is Reason.MISMATCH


async def test_a_transaction_is_undone_by_its_own_id() -> None:
    client, sent = a_client(reply(booked(resourceId=22)))
    assert (await client.undo_transaction(UNDO)).verdict is Verdict.SETTLED
    assert sent[0].url.path == f"{BASE}/loans/1/transactions/22"
    assert json.loads(sent[0].content)["transactionAmount"] == 0
    other, _ = a_client(reply(booked()))
    assert (await other.undo_transaction(UNDO)).reason is Reason.MISMATCH
    savings, sent = a_client(reply(booked("savingsId", 1, resourceId=22)))
    assert (await savings.undo_deposit(UNDO)).verdict is Verdict.SETTLED
    assert sent[0].url.path == f"{BASE}/savingsaccounts/1/transactions/22"


async def test_asking_reads_the_loan_back() -> None:
    client, sent = a_client(reply(a_loan(300, line())))
    assert (await client.inquire(DISBURSEMENT)).verdict is Verdict.SETTLED
    assert sent[0].method == "GET"
    assert "transactions" in sent[0].url.params["associations"]
    found = await client.find_transaction(1, EXTERNAL)
    assert found
    assert found.id == 22


async def test_a_loan_that_is_not_there_is_none_and_its_order_unknown() -> None:
    missing = reply(envelope(404, "error.msg.resource.not.found"), 404)
    client, _ = a_client(missing)
    assert await client.loan(1) is None
    assert (await client.inquire(DISBURSEMENT)).reason is Reason.NOT_FOUND
    assert (await client.inquire(DEPOSIT)).reason is Reason.NOT_FOUND


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (reply(envelope(401, "error.msg.not.authenticated"), 401), Reason.CREDENTIALS),
        (reply(b"<html>", 404), Reason.UNREADABLE),
        (reply({"status": 404, "error": "Not Found"}, 404), Reason.NOT_FOUND),
        (reply(b"<html>", 502), Reason.UNREADABLE),
        (reply(b"[]"), Reason.UNREADABLE),
    ],
)
async def test_a_question_that_is_refused_raises_with_the_reason(
    answer: httpx.Response, reason: Reason
) -> None:
    client, _ = a_client(answer)
    with pytest.raises(MifosRefused) as refused:
        await client.loan(1)
    assert refused.value.reading.reason is reason
    assert refused.value.reading.verdict is Verdict.UNKNOWN


async def test_signing_in_tells_who_we_are_and_what_we_may() -> None:
    said = {
        "userId": 2,
        "officeId": 1,
        "authenticated": True,
        "permissions": ["READ_LOAN", "DISBURSE_LOAN"],
        "shouldRenewPassword": True,
    }
    client, sent = a_client(reply(said))
    access = await client.authenticate()
    assert json.loads(sent[0].content) == {"username": "kauri", "password": "canary-password"}
    assert (access.user_id, access.office_id, access.renew_password) == (2, 1, True)
    assert access.lacks(("DISBURSE_LOAN", "REPAYMENT_LOAN")) == ("REPAYMENT_LOAN",)


@pytest.mark.parametrize("body", [{"authenticated": False}, {"permissions": []}])
async def test_a_sign_in_that_does_not_say_so_is_none(body: dict[str, Any]) -> None:
    client, _ = a_client(reply(body))
    with pytest.raises(MifosRefused):
        await client.authenticate()


async def test_payment_types_are_resolved_by_name_once_and_never_to_cash() -> None:
    types = [
        {"id": 1, "name": "Cash", "isCashPayment": True},
        {"id": 26, "name": "Mobile Money", "isCashPayment": False},
    ]
    client, sent = a_client(reply(types))
    assert await client.payment_type("Mobile Money") == 26
    assert await client.payment_type("Mobile Money") == 26
    assert len(sent) == 1
    assert await client.payment_type("Cash") is None


async def test_a_command_waits_for_a_checker_only_where_all_three_say_so() -> None:
    def answered(request: httpx.Request) -> httpx.Response:
        if request.url.path.endswith("/configurations"):
            return reply({"globalConfiguration": [{"name": "maker-checker", "enabled": True}]})
        lines = [{"code": "DISBURSE_LOAN", "selected": True}, {"code": "REPAYMENT_LOAN"}]
        if request.url.path.endswith("/permissions"):
            return reply(lines)
        said = {"authenticated": True, "permissions": ["READ_LOAN"]}
        return reply(said)

    client, _ = a_client(answered)
    access = await client.authenticate()
    assert await client.maker_checker_on("DISBURSE_LOAN", access)
    assert not await client.maker_checker_on("REPAYMENT_LOAN", access)
    checker = replace(access, permissions=frozenset({"CHECKER_SUPER_USER"}))
    assert not await client.maker_checker_on("DISBURSE_LOAN", checker)
