"""Disbursements and look-ups: mostly done when they are answered."""

from collections.abc import Callable

from fastapi import FastAPI, Request, Response

from simulators import codes, faults
from simulators.airtel import answers, orders
from simulators.door import note
from simulators.faults import Asks, Fault, Outcome
from simulators.settings import Settings
from simulators.spoiler import Spoiler
from simulators.stage import Stage
from simulators.wallet_book import Payout, WalletBook

_HOLDER = ("GRACE", "AKELLO")


class Wallet:
    """Routes of money out. The payee's number chooses what happens."""

    def __init__(
        self,
        settings: Settings,
        stage: Stage,
        book: WalletBook,
        spoiler: Spoiler,
        authorise: Callable[[Request], None],
    ) -> None:
        self._settings, self._stage, self._book = settings, stage, book
        self._spoiler, self._authorise = spoiler, authorise

    def mount(self, app: FastAPI) -> None:
        """Put the routes into the application."""
        app.add_route("/standard/v2/disbursements/", self.pay_out, methods=["POST"])
        app.add_route("/standard/v2/disbursements/{key}", self.show, methods=["GET"])
        app.add_route("/standard/v1/users/balance", self.balance, methods=["GET"])
        app.add_route("/standard/v1/users/{number}", self.user, methods=["GET"])

    async def pay_out(self, request: Request) -> Response:
        """Send money; the same id again is a duplicate."""
        self._authorise(request)
        order = await orders.disbursement(request, self._settings.airtel_currency)
        if order.key in self._book.payouts:
            return answers.envelope("DP00900001017", success=False)
        own = faults.of_number(self._whole(order.number))
        fault = self._stage.director.collect(order.key, own, operation="payout")
        note(request, fault=fault.name, reference=order.key)
        payout = self._payout(order, fault)
        if payout.amount_minor > self._book.holds(payout.currency):
            return answers.envelope("DP00900001007", success=False)
        if fault.acts:
            self._book.send(payout)
            if fault.outcome is not Outcome.NEVER:
                self._book.conclude(payout, fault.outcome)
            await self._stage.dawdle()
        clean = self._shown(payout, fault.outcome)
        return self._spoiler.answer(request, fault.wire, clean, self._stage.behaviour)

    async def show(self, request: Request) -> Response:
        """What became of a payout."""
        self._authorise(request)
        payout = self._book.payouts.get(request.path_params["key"])
        if payout is None:
            return answers.envelope("DP00900001015", success=False)
        fault = self._stage.director.ordered("status") or self._stage.find(payout.fault)
        payout.asked += 1
        misled = payout.asked <= self._stage.misled(fault.asks)
        if misled and fault.asks is Asks.UNSEEN:
            return answers.envelope("DP00900001015", success=False)
        clean = self._shown(payout, None if misled and fault.asks is Asks.STALE else payout.outcome)
        wire = fault.wire if misled and fault.asks is Asks.SPOILED else faults.Wire.CLEAN
        return self._spoiler.answer(request, wire, clean, self._stage.behaviour)

    async def balance(self, request: Request) -> Response:
        """What the wallet holds, as text."""
        self._authorise(request)
        currency = self._settings.airtel_currency
        held = answers.written(self._book.holds(currency), currency)
        data = {"balance": held, "currency": currency, "account_status": "Active"}
        return answers.envelope("DP02100000001", data)

    async def user(self, request: Request) -> Response:
        """Who holds a wallet."""
        self._authorise(request)
        number = str(request.path_params["number"])
        fault = faults.of_number(self._whole(number))
        if fault.outcome is Outcome.NOT_FOUND:
            return answers.envelope("DP02200000000", success=False)
        first, last = _HOLDER
        data = {
            "is_barred": fault.outcome is Outcome.LIMIT_REACHED,
            "grade": "SUBS",
            "first_name": first,
            "last_name": last,
            "registration": {"status": "SUBS"},
            "msisdn": number,
            "is_pin_set": True,
        }
        return answers.envelope("DP02200000001", data)

    def _whole(self, number: str) -> str:
        return f"{self._settings.airtel_calling_code}{number}"

    def _payout(self, order: orders.Order, fault: Fault) -> Payout:
        return Payout(
            key=codes.digits(12),
            reference=order.key,
            payee=self._whole(order.number),
            amount_minor=order.amount_minor,
            fee_minor=0,
            currency=self._settings.airtel_currency,
            fault=fault.name,
            body="",
        )

    def _shown(self, payout: Payout, outcome: Outcome | None) -> Response:
        if outcome is None or outcome is Outcome.NEVER:
            state, code = "TIP", "DP00900001006"
        else:
            state, code = answers.DISBURSED.get(outcome, ("TF", "DP00900001005"))
        transaction = {
            "reference_id": payout.key,
            "airtel_money_id": f"disburs-{payout.key}" if state == "TS" else None,
            "id": payout.reference,
            "status": state,
        }
        return answers.envelope(code, {"transaction": transaction}, success=state == "TS")
