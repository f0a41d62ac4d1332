"""Cash-ins: money out of the channel, and whose a number is."""

from fastapi import FastAPI, Request, Response
from fastapi.responses import JSONResponse

from simulators import codes, faults
from simulators.door import note
from simulators.faults import Asks, Fault, Outcome
from simulators.orange_cm import answers, orders
from simulators.orange_cm.answers import Shown
from simulators.orange_cm.gate import Gate
from simulators.outgoing import Outgoing
from simulators.settings import Settings
from simulators.spoiler import Spoiler
from simulators.stage import Callback, Stage
from simulators.wallet_book import Payout, WalletBook

_HOLDER = ("Marie", "Ngono")


class CashIn:
    """Routes of money out. The payee's number chooses what happens."""

    def __init__(
        self, settings: Settings, stage: Stage, book: WalletBook, spoiler: Spoiler, *, gate: Gate
    ) -> None:
        self._settings, self._stage, self._book, self._spoiler = settings, stage, book, spoiler
        self._gate = gate
        self._out = Outgoing(
            stage,
            book,
            callback=self._callback,
            receipt=lambda: f"CI{codes.digits(6)}.{codes.digits(4)}.C{codes.digits(5)}",
        )

    def mount(self, app: FastAPI, base: str) -> None:
        """Put the routes into the application."""
        app.add_route(f"{base}/cashin/init", self.init, methods=["POST"])
        app.add_route(f"{base}/cashin/pay", self.pay, methods=["POST"])
        app.add_route(f"{base}/cashin/paymentstatus/{{key}}", self.status, methods=["GET"])
        path = f"{base}/infos/subscriber/customer/{{number}}"
        app.add_route(path, self.subscriber, methods=["POST"])

    def resume(self) -> None:
        """Play on what was under way."""
        self._out.resume()

    async def init(self, request: Request) -> Response:
        """A pay token: free of effect."""
        self._gate.check(request)
        return answers.taken(self._gate.new_token())

    async def pay(self, request: Request) -> Response:
        """Send money."""
        self._gate.check(request)
        order = await self._gate.order(request)
        own = faults.of_number(f"237{order.number}")
        fault = self._stage.director.collect(order.order, own, operation="payout")
        note(request, fault=fault.name, reference=order.order)
        payout = self._payout(order, fault)
        if fault.acts:
            self._gate.spend(order.token)
            await self._out.accept(payout)
        outcome = self._stage.find(payout.fault).outcome
        clean = answers.paid(self._shown(payout), outcome)
        return self._spoiler.answer(request, fault.wire, clean, self._stage.behaviour)

    async def status(self, request: Request) -> Response:
        """What became of a cash-in."""
        self._gate.check(request)
        key = request.path_params["key"]
        payout = next((one for one in self._book.payouts.values() if one.key == key), None)
        if payout is None:
            return self._gate.unpaid(key)
        note(request, reference=payout.reference)
        asks, wire = self._out.question(payout)
        if asks is Asks.UNSEEN:
            return answers.unknown_token()
        clean = answers.status(self._shown(payout), None if asks is Asks.STALE else payout.outcome)
        return self._spoiler.answer(request, wire, clean, self._stage.behaviour)

    async def subscriber(self, request: Request) -> Response:
        """Whose number it is."""
        self._gate.check(request)
        body = await orders.fields(request)
        settings = self._settings
        orders.check_channel(
            body,
            "channelMsisdn",
            channel=settings.orange_cm_channel,
            pin=settings.orange_cm_pin,
        )
        fault = faults.of_number(f"237{request.path_params['number']}")
        if fault.outcome is Outcome.NOT_FOUND:
            return answers.said(404, "Subscriber not found")
        first, last = _HOLDER
        data = {"firstName": first, "lastName": last}
        return JSONResponse({"message": "Subscriber retrieved", "data": data})

    def _payout(self, order: orders.Order, fault: Fault) -> Payout:
        """A second one for the same order stands in the book beside the first."""
        known = order.order in self._book.payouts
        return Payout(
            key=order.token,
            reference=f"{order.order}/{order.token}" if known else order.order,
            payee=f"237{order.number}",
            amount_minor=order.amount,
            fee_minor=0,
            currency="XAF",
            fault=fault.name,
            body="",
            callback_url=order.notif_url,
        )

    def _shown(self, payout: Payout) -> Shown:
        return Shown(
            token=payout.key,
            order=payout.reference.partition("/")[0],
            number=payout.payee[3:],
            channel=self._settings.orange_cm_channel,
            amount=payout.amount_minor,
            notif_url=payout.callback_url,
            receipt=payout.receipt,
            serial=payout.serial,
        )

    def _callback(self, payout: Payout, outcome: Outcome) -> Callback:
        return Callback("POST", answers.notification(self._shown(payout), outcome))
