"""Transfers, balance and accounts."""

from collections.abc import Callable
from functools import partial

from fastapi import FastAPI, Request, Response
from fastapi.responses import JSONResponse

from simulators import codes, faults
from simulators.camtel import answers, orders
from simulators.door import note
from simulators.faults import Asks, Fault, Outcome
from simulators.outgoing import Outgoing
from simulators.settings import Settings
from simulators.spoiler import Spoiler
from simulators.stage import Callback, Stage
from simulators.wallet_book import Payout, WalletBook


class Transfers:
    """Routes of money out. The payee's number chooses what happens."""

    def __init__(
        self,
        settings: Settings,
        stage: Stage,
        book: WalletBook,
        spoiler: Spoiler,
        *,
        authorise: Callable[[Request], None],
    ) -> None:
        self._settings, self._stage, self._book, self._spoiler = settings, stage, book, spoiler
        self._authorise = authorise
        self._out = Outgoing(
            stage, book, callback=self._callback, receipt=lambda: f"BM{codes.digits(10)}"
        )

    def mount(self, app: FastAPI) -> None:
        """Put the routes into the application."""
        app.add_route("/v1/transfers", self.send, methods=["POST"])
        app.add_route("/v1/transfers/by-reference/{key}", self.status, methods=["GET"])
        app.add_route("/v1/balance", self.balance, methods=["GET"])
        app.add_route("/v1/accounts/{number}", self.account, methods=["GET"])

    def resume(self) -> None:
        """Play on what was under way."""
        self._out.resume()

    async def send(self, request: Request) -> Response:
        """Send money; the first answer again for the same reference and body."""
        self._authorise(request)
        order = await orders.read(request, "payee")
        known = self._book.payouts.get(order.reference)
        if known is not None:
            shown = JSONResponse(_shown(known, known.outcome))
            return shown if known.body == order.body else _mismatch()
        own = faults.of_number(order.number)
        fault = self._stage.director.collect(order.reference, own, operation="payout")
        note(request, fault=fault.name, reference=order.reference)
        payout = _payout(order, fault)
        if fault.acts:
            await self._out.accept(payout)
        clean = JSONResponse(_shown(payout, None), 202)
        return self._spoiler.answer(request, fault.wire, clean, self._stage.behaviour)

    async def status(self, request: Request) -> Response:
        """What became of a transfer."""
        self._authorise(request)
        payout = self._book.payouts.get(request.path_params["key"])
        if payout is None:
            return answers.error(404, "not_found")
        note(request, reference=payout.reference)
        asks, wire = self._out.question(payout)
        if asks is Asks.UNSEEN:
            return answers.error(404, "not_found")
        clean = JSONResponse(_shown(payout, None if asks is Asks.STALE else payout.outcome))
        return self._spoiler.answer(request, wire, clean, self._stage.behaviour)

    async def balance(self, request: Request) -> Response:
        """What the wallet holds."""
        self._authorise(request)
        held = str(self._book.holds("XAF"))
        fault = self._stage.director.ordered("balance") or faults.PAID
        clean = JSONResponse({"available": held, "currency": "XAF"})
        return self._spoiler.answer(request, fault.wire, clean, self._stage.behaviour)

    async def account(self, request: Request) -> Response:
        """Whether a wallet is open."""
        self._authorise(request)
        fault = faults.of_number(request.path_params["number"])
        if fault.outcome is Outcome.NOT_FOUND:
            return JSONResponse({"active": False})
        return JSONResponse({"active": True, "name_masked": "J*** D***"})

    def _callback(self, payout: Payout, outcome: Outcome) -> Callback:
        told = answers.event("transfer", _shown(payout, outcome))
        secret = self._settings.camtel_callback_secret
        return Callback("POST", told, proof=partial(answers.signed, secret))


def _mismatch() -> Response:
    return answers.error(409, "idempotency_mismatch")


def _payout(order: orders.Order, fault: Fault) -> Payout:
    return Payout(
        key=f"trf_{codes.digits(12)}",
        reference=order.reference,
        payee=order.number,
        amount_minor=order.amount,
        fee_minor=0,
        currency="XAF",
        fault=fault.name,
        body=order.body,
        callback_url=order.callback_url,
    )


def _shown(payout: Payout, outcome: Outcome | None) -> dict[str, object]:
    return answers.resource(
        payout.key, payout.reference, payout.amount_minor, payout.receipt, outcome
    )
