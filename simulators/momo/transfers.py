"""The disbursement product: transfers, refunds and the balance money leaves from."""

from collections.abc import Callable

from fastapi import FastAPI, Request, Response
from fastapi.responses import JSONResponse

from simulators import codes, faults
from simulators.door import Refused, note
from simulators.faults import Asks, Fault, Outcome
from simulators.momo import answers, orders, sandbox
from simulators.momo.users import Users
from simulators.outgoing import Outgoing
from simulators.settings import Settings
from simulators.spoiler import Spoiler
from simulators.stage import Callback, Stage
from simulators.wallet_book import Payout, WalletBook

_PRODUCT = "/disbursement/v1_0"


class Transfers:
    """Routes of money out. An order is named by X-Reference-Id: a repeat is 409."""

    def __init__(
        self,
        settings: Settings,
        stage: Stage,
        book: WalletBook,
        spoiler: Spoiler,
        *,
        users: Users,
        authorise: Callable[[Request], str],
    ) -> None:
        self._settings, self._stage, self._book, self._spoiler = settings, stage, book, spoiler
        self._users, self._authorise = users, authorise
        self._out = Outgoing(stage, book, callback=self._callback, receipt=lambda: codes.digits(10))

    def mount(self, app: FastAPI) -> None:
        """Put the routes into the application."""
        for name in ("transfer", "refund"):
            app.add_route(f"{_PRODUCT}/{name}", self.send, methods=["POST"])
            app.add_route(f"{_PRODUCT}/{name}/{{key}}", self.status, methods=["GET"])
        app.add_route(f"{_PRODUCT}/account/balance", self.balance, methods=["GET"])

    def resume(self) -> None:
        """Play on what was under way."""
        self._out.resume()

    async def send(self, request: Request) -> Response:
        """Take a transfer or refund in: 202 with an empty body."""
        user = self._authorise(request)
        operation = "refund" if request.url.path.endswith("/refund") else "transfer"
        order = await self._order(request, user, "" if operation == "refund" else "payee")
        at_once = sandbox.TRANSFER_REFUSED_AT_ONCE.get(order.party)
        if at_once:
            return answers.error(500, at_once)
        own = sandbox.of_payee(order.party) or faults.of_number(order.party)
        fault = self._stage.director.collect(
            order.reference, own, operation="refund" if operation == "refund" else "payout"
        )
        note(request, fault=fault.name, reference=order.reference)
        if fault.acts:
            await self._out.accept(self._payout(order, fault))
        clean = Response(status_code=202)
        return self._spoiler.answer(request, fault.wire, clean, self._stage.behaviour)

    async def status(self, request: Request) -> Response:
        """What became of it; a transfer is no refund."""
        self._authorise(request)
        payout = self._book.payouts.get(request.path_params["key"].lower())
        wanted = "/refund/" in request.url.path
        if payout is None or bool(payout.gives_back) is not wanted:
            return answers.error(404, "RESOURCE_NOT_FOUND")
        note(request, reference=payout.reference)
        asks, wire = self._out.question(payout)
        if asks is Asks.UNSEEN:
            return answers.error(404, "RESOURCE_NOT_FOUND")
        shown = None if asks is Asks.STALE else payout.outcome
        clean = JSONResponse(answers.sent_body(payout, shown, self._stage.behaviour))
        return self._spoiler.answer(request, wire, clean, self._stage.behaviour)

    async def balance(self, request: Request) -> Response:
        """What the wallet holds, a string."""
        self._authorise(request)
        currency = self._settings.momo_wallet_currency
        held = answers.written(self._book.holds(currency), currency)
        fault = self._stage.director.ordered("balance") or faults.PAID
        clean = JSONResponse({"availableBalance": held, "currency": currency})
        return self._spoiler.answer(request, fault.wire, clean, self._stage.behaviour)

    async def _order(self, request: Request, user: str, party: str) -> orders.Order:
        reference = orders.reference(request)
        if reference in self._book.payouts:
            raise Refused(answers.error(409, "RESOURCE_ALREADY_EXIST"))
        order = await orders.read(
            request,
            reference=reference,
            currency=self._settings.momo_wallet_currency,
            host=self._users.host_of(user),
            party=party,
        )
        if not party and order.echo["gives_back"].lower() not in self._book.payments:
            raise Refused(answers.error(404, "RESOURCE_NOT_FOUND"))
        return order

    def _payout(self, order: orders.Order, fault: Fault) -> Payout:
        echo = dict(order.echo)
        return Payout(
            key=order.reference,
            reference=order.reference,
            payee=order.party,
            amount_minor=order.amount_minor,
            fee_minor=0,
            currency=order.currency,
            fault=fault.name,
            body="",
            gives_back=echo.pop("gives_back", "").lower(),
            echo=echo,
            callback_url=order.callback_url,
        )

    def _callback(self, payout: Payout, outcome: Outcome) -> Callback:
        behaviour = self._stage.behaviour
        method = behaviour.callback_method
        if method == "alternate":
            method = "POST" if payout.serial % 2 else "PUT"
        return Callback(method, answers.sent_body(payout, outcome, behaviour))
