"""Payments to accounts at other banks: PesaLink at once, EFT and RTGS taken in and told later."""

from collections.abc import Callable

from fastapi import FastAPI, Request, Response

from simulators.door import note
from simulators.faults import PAID, Fault, Outcome, Wire
from simulators.ncba import answers, faults, orders
from simulators.ncba.desk import Desk
from simulators.ncba.gate import Gate
from simulators.ncba.orders import Order

_PATHS = {
    "pesalink": "/PesaLinkTransaction/pesaLinktransaction",
    "eft": "/EFTTransaction/efttransaction",
    "rtgs": "/RTGSPayment/RTGSPayment",
}
_VALIDATE = "/PesalinkValidation/validate-account"


class Payments:
    """Routes of money to other banks. The beneficiary's account chooses what happens."""

    def __init__(
        self, desk: Desk, gate: Gate, answer: Callable[[Request, Wire, Response], Response]
    ) -> None:
        self._desk, self._gate, self._answer = desk, gate, answer

    def mount(self, app: FastAPI, base: str) -> None:
        """Put the routes into the application."""
        app.add_route(f"{base}{_PATHS['pesalink']}", self.pesalink, methods=["POST"])
        app.add_route(f"{base}{_PATHS['eft']}", self.eft, methods=["POST"])
        app.add_route(f"{base}{_PATHS['rtgs']}", self.rtgs, methods=["POST"])
        app.add_route(f"{base}{_VALIDATE}", self.validate, methods=["POST"])

    async def pesalink(self, request: Request) -> Response:
        """000 means done."""
        order, fault = await self._order(request, "pesalink")
        refused = fault.outcome not in {Outcome.PAID, Outcome.NEVER}
        refusal = self._refusal(order, fault, declined=refused)
        if refusal:
            return self._answer(request, fault.wire, refusal)
        payment, book = self._desk.payment(order, fault), self._desk.book
        book.accept(payment, rings=False)
        taken = (order.amount_minor, "KES")
        book.end(payment, Outcome.PAID, taken=taken, receipt=payment.key)
        return self._answer(request, fault.wire, answers.transferred(payment))

    async def eft(self, request: Request) -> Response:
        """000 means accepted: it leaves at once and is settled later."""
        return await self._taken_in(request, "eft")

    async def rtgs(self, request: Request) -> Response:
        """The same, for large sums."""
        return await self._taken_in(request, "rtgs")

    async def validate(self, request: Request) -> Response:
        """Whether an account is there."""
        self._gate.check(request)
        account = str((await orders.body(request)).get("accountToVerify"))
        there = faults.of_account(account).outcome is not Outcome.NOT_FOUND
        fault = self._desk.stage.director.ordered("account") or PAID
        return self._answer(request, fault.wire, answers.validated(account, there=there))

    async def _taken_in(self, request: Request, rail: str) -> Response:
        order, fault = await self._order(request, rail)
        refusal = self._refusal(order, fault, declined=False)
        if refusal:
            return self._answer(request, fault.wire, refusal)
        payment = self._desk.payment(order, fault)
        await self._desk.stage.accept(payment, fault)
        return self._answer(request, fault.wire, answers.transferred(payment))

    async def _order(self, request: Request, rail: str) -> tuple[Order, Fault]:
        self._gate.check(request)
        order = await orders.payment(request, rail)
        own = faults.of_account(order.to)
        fault = self._desk.stage.director.collect(order.reference, own, operation="payout")
        note(request, fault=fault.name, reference=order.reference)
        return order, fault

    def _refusal(self, order: Order, fault: Fault, *, declined: bool) -> Response | None:
        """Why the core does not carry the payment; None when it does."""
        why = self._why_not(order)
        if not fault.acts or declined:
            why = "refused"
        return answers.refusal(why, order.reference, rail=order.rail) if why else None

    def _why_not(self, order: Order) -> str | None:
        book = self._desk.book
        if order.account not in book.balances:
            return "account"
        if self._desk.stage.behaviour.refuses_repeats and book.knows(order.reference):
            return "repeat"
        return "funds" if book.balances[order.account] < order.amount_minor else None
