"""One lender's Mifos X over HTTP: what its books are told. Questions: looking.py.

Each command is sent once and raises Unreachable or Ambiguous; every answer is a reading.
After any answer but a certain refusal the books are read back (`inquire`): an answer is only
what the server says it did.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from models.lender_orders import Booking, Deposit, Disbursement, Repayment, Undo
from models.reading import Reading, Reason, Verdict
from providers.http import Answer
from providers.mifos import acks, proof
from providers.mifos.looking import Looks
from providers.wire import fields, parse, text

_FORMAT = {"dateFormat": "yyyy-MM-dd", "locale": "en"}
_LONGEST_NOTE = 1000


class MifosClient(Looks):
    """Owns no state beyond its connections. Each command carries its own idempotency key."""

    async def disburse(self, order: Disbursement) -> Reading:
        """Book a loan as paid out. Settled only by status 300 and the amount ordered."""
        body = {"actualDisbursementDate": order.on.isoformat(), **_booking(order)}
        answer = await self._command(f"/loans/{order.loan_id}?command=disburse", order, body)
        reading = acks.disburse_reader(order.amount.currency)(answer.body, answer.status)
        reading = acks.as_ordered(reading, answer.body, order, ("loanId", order.loan_id))
        return _spent(reading, answer)

    async def repay(self, order: Repayment) -> Reading:
        """Book a repayment. Settled by the transaction's id, loan and amount."""
        path = f"/loans/{order.loan_id}/transactions?command=repayment"
        return await self._booked(path, order, ("loanId", order.loan_id))

    async def deposit(self, order: Deposit) -> Reading:
        """Book a deposit on a savings account. Settled as a repayment is."""
        path = f"/savingsaccounts/{order.savings_id}/transactions?command=deposit"
        return await self._booked(path, order, ("savingsId", order.savings_id))

    async def undo_disbursal(self, order: Undo) -> Reading:
        """Take a disbursement back. Settled only by status 200."""
        body = {"note": order.note[:_LONGEST_NOTE]} if order.note else {}
        path = f"/loans/{order.account_id}?command=undoDisbursal"
        answer = await self._command(path, order, body)
        reading = acks.undo_reader()(answer.body, answer.status)
        return _spent(_about(reading, answer, "loanId", order.account_id), answer)

    async def undo_transaction(self, order: Undo) -> Reading:
        """Take a repayment back. Settled by the ids of loan and transaction."""
        return await self._taken_back("loans", "loanId", order)

    async def undo_deposit(self, order: Undo) -> Reading:
        """Take a deposit back. Settled by the ids of account and transaction."""
        return await self._taken_back("savingsaccounts", "savingsId", order)

    async def inquire(self, order: Disbursement | Repayment | Deposit) -> Reading:
        """What the books say about an order: settled where it is booked just so.

        Else unknown with `not_found`, `duplicate` (given out by another hand) or `mismatch`.
        Raises MifosRefused too.
        """
        if isinstance(order, Deposit):
            account = await self.savings_account(order.savings_id)
            lines = account.transactions if account else None
            return proof.transaction_in(lines or (), order, kind="deposit")
        loan = await self.loan(order.loan_id)
        if loan is None:
            return Reading(verdict=Verdict.UNKNOWN, reason=Reason.NOT_FOUND)
        if isinstance(order, Disbursement):
            return proof.disbursement_in(loan, order)
        return proof.transaction_in(loan.transactions or (), order, kind="repayment")

    async def create_hook(
        self, url: str, *, name: str, events: tuple[tuple[str, str], ...]
    ) -> Reading:
        """Ask to be told of `events`, (entity, action). Fineract calls `url` with GET at once.

        `provider_reference` is the hook's id. The address ends in a slash: its client wants that.
        """
        body = {
            "name": "Web",
            "isActive": True,
            "displayName": name,
            "events": [{"entityName": entity, "actionName": action} for entity, action in events],
            "config": {"Payload URL": url.rstrip("/") + "/", "Content Type": "json"},
        }
        answer = await self._line.send("POST", "/hooks", body=body)
        said = acks.transaction_reader()(answer.body, answer.status)
        made = text(fields(parse(answer.body)).get("resourceId")) if answer.status == 200 else None
        return replace(said, verdict=None, reason=None, provider_reference=made) if made else said

    async def _booked(self, path: str, order: Booking, owner: tuple[str, int]) -> Reading:
        body = {"transactionDate": order.on.isoformat(), **_booking(order)}
        answer = await self._command(path, order, body)
        reading = acks.transaction_reader(order.amount.currency)(answer.body, answer.status)
        return _spent(acks.as_ordered(reading, answer.body, order, owner), answer)

    async def _taken_back(self, family: str, owner: str, order: Undo) -> Reading:
        path = f"/{family}/{order.account_id}/transactions/{order.transaction_id}?command=undo"
        day = order.on or date.min
        body = {"transactionDate": day.isoformat(), "transactionAmount": 0, **_FORMAT}
        answer = await self._command(path, order, body)
        reading = acks.transaction_reader()(answer.body, answer.status)
        if reading.provider_reference != str(order.transaction_id):
            reading = _doubted(reading)
        return _spent(_about(reading, answer, owner, order.account_id), answer)

    async def _command(self, path: str, order: Booking | Undo, body: Mapping[str, Any]) -> Answer:
        headers = {"Idempotency-Key": order.idempotency_key}
        return await self._line.send("POST", path, body=body, headers=headers)


def _booking(order: Booking) -> dict[str, Any]:
    """Fields every booking has; empty ones are left out."""
    amount = order.amount.decimal()
    whole = amount == amount.to_integral_value()
    body = {
        "transactionAmount": int(amount) if whole else f"{amount:f}",
        "paymentTypeId": order.payment_type_id,
        "receiptNumber": order.receipt,
        "accountNumber": order.account_number,
        "externalId": order.external_id,
        "note": order.note[:_LONGEST_NOTE],
        **_FORMAT,
    }
    return {name: value for name, value in body.items() if value != ""}


def _about(reading: Reading, answer: Answer, key: str, account: int) -> Reading:
    named = text(fields(parse(answer.body)).get(key))
    return reading if named == str(account) else _doubted(reading)


def _doubted(reading: Reading) -> Reading:
    """A success that speaks of something else."""
    if reading.verdict is not Verdict.SETTLED:
        return reading
    return replace(reading, verdict=Verdict.UNKNOWN, reason=Reason.MISMATCH)


def _spent(reading: Reading, answer: Answer) -> Reading:
    """A stored failure is answered for ever: the outcome needs a look, the next try a new key."""
    stored = (text(answer.headers.get("x-served-from-cache")) or "").lower() == "true"
    if stored and reading.verdict is Verdict.UNKNOWN and answer.status >= 400:
        return replace(reading, reason=Reason.KEY_SPENT)
    return reading
