"""Payouts of the wallet: one per idempotency key, whatever is repeated."""

import hashlib
from collections.abc import Callable

from fastapi import FastAPI, Request, Response
from fastapi.responses import JSONResponse

from simulators import codes, faults
from simulators.door import Refused, note
from simulators.faults import Asks, Fault, Outcome
from simulators.settings import Settings
from simulators.spoiler import Spoiler
from simulators.stage import Stage
from simulators.wallet_book import Payout, WalletBook
from simulators.wave import answers, orders

_HOLDER = "Awa Diop"
_ERRORS = {
    Outcome.LIMIT_REACHED: "recipient-limit-exceeded",
    Outcome.NOT_FOUND: "recipient-account-inactive",
}
#: A hundredth, rounded up: the fee on top.
_FEE_PERCENT = 1


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
        app.add_route("/v1/payout", self.pay_out, methods=["POST"])
        app.add_route("/v1/payout/{key}", self.show, methods=["GET"])
        app.add_route("/v1/payouts/search", self.search, methods=["GET"])
        app.add_route("/v1/payout/{key}/reverse", self.reverse, methods=["POST"])
        app.add_route("/v1/verify_recipient/", self.recipient, methods=["POST"])
        app.add_route("/v1/balance", self.balance, methods=["GET"])

    def resume(self) -> None:
        """Play on what was under way when the simulator stopped."""
        for payout in self._book.under_way():
            self._stage.spawn(self._play(payout, self._stage.find(payout.fault)))

    async def pay_out(self, request: Request) -> Response:
        """Send money; the first answer again for the same key and body."""
        self._authorise(request)
        key = request.headers.get("idempotency-key", "")
        order = await orders.payout(request, self._settings.wave_currency)
        if not key:
            raise Refused(answers.invalid("Idempotency-Key"))
        body = hashlib.sha256(await request.body()).hexdigest()
        known = self._book.payouts.get(key)
        if known is not None:
            same = known.body == body
            shown = JSONResponse(self._shown(known, Asks.TRUE))
            return shown if same else answers.error(409, "idempotency-mismatch")
        return await self._taken_in(request, order, key, body)

    async def _taken_in(
        self, request: Request, order: orders.Order, key: str, body: str
    ) -> Response:
        own = faults.of_number(order.mobile)
        fault = self._stage.director.collect(key, own, operation="payout")
        note(request, fault=fault.name, reference=key)
        payout = self._payout(order, key=key, body=body, fault=fault)
        if fault.acts:
            needed = payout.taken_minor
            if needed > self._book.holds(payout.currency):
                return answers.error(422, "insufficient-funds")
            self._book.send(payout)
            self._stage.spawn(self._play(payout, fault))
            await self._stage.dawdle()
        shown = JSONResponse(self._shown(payout, Asks.TRUE))
        return self._spoiler.answer(request, fault.wire, shown, self._stage.behaviour)

    async def show(self, request: Request) -> Response:
        """A payout by its id."""
        self._authorise(request)
        payout = self._known(request)
        if payout is None:
            return answers.error(404, "payout-not-found")
        asks, wire = self._asked(payout)
        shown = JSONResponse(self._shown(payout, asks))
        return self._spoiler.answer(request, wire, shown, self._stage.behaviour)

    async def search(self, request: Request) -> Response:
        """Payouts of one reference of ours."""
        self._authorise(request)
        sought = request.query_params.get("client_reference", "")
        found = [
            payout
            for payout in self._book.payouts.values()
            if payout.echo["client_reference"] == sought
        ]
        if not found:
            return JSONResponse({"result": []})
        asks, wire = self._asked(found[0])
        told = [] if asks is Asks.UNSEEN else [self._shown(one, asks) for one in found]
        clean = JSONResponse({"result": told})
        return self._spoiler.answer(request, wire, clean, self._stage.behaviour)

    async def reverse(self, request: Request) -> Response:
        """Take a payout back; again, it changes nothing."""
        self._authorise(request)
        payout = self._known(request)
        if payout is None or payout.outcome is not Outcome.PAID:
            return answers.error(422, "payout-reversal-account-terminated")
        if not payout.back:
            self._book.conclude(payout, Outcome.PAID, back=True)
        return Response()

    async def recipient(self, request: Request) -> Response:
        """Whether name and limits fit."""
        self._authorise(request)
        order = await orders.recipient(request)
        fault = faults.of_number(order.mobile)
        same = order.echo["name"].casefold() == _HOLDER.casefold()
        word = "MATCH" if same else "NO_MATCH"
        known = fault.outcome is not Outcome.NOT_FOUND and bool(order.echo["name"])
        within = fault.outcome is not Outcome.LIMIT_REACHED
        return JSONResponse(
            {"within_limits": within, "name_match": word if known else "NAME_NOT_KNOWN"}
        )

    async def balance(self, request: Request) -> Response:
        """What the wallet holds."""
        self._authorise(request)
        currency = self._settings.wave_currency
        held = answers.written(self._book.holds(currency), currency)
        return JSONResponse({"amount": held, "currency": currency})

    async def _play(self, payout: Payout, fault: Fault) -> None:
        if fault.outcome is Outcome.NEVER:
            return
        await self._stage.pause("approve_after_seconds")
        self._book.conclude(payout, fault.outcome)

    def _payout(self, order: orders.Order, *, key: str, body: str, fault: Fault) -> Payout:
        return Payout(
            key=f"pt-{codes.digits(13)}",
            reference=key,
            payee=order.mobile,
            amount_minor=order.amount_minor,
            fee_minor=-(-order.amount_minor * _FEE_PERCENT // 100),
            currency=self._settings.wave_currency,
            fault=fault.name,
            body=body,
            echo=order.echo,
        )

    def _known(self, request: Request) -> Payout | None:
        key = request.path_params["key"]
        return next((one for one in self._book.payouts.values() if one.key == key), None)

    def _asked(self, payout: Payout) -> tuple[Asks, faults.Wire]:
        """What a question meets, counted per payout as payments are."""
        fault = self._stage.director.ordered("status") or self._stage.find(payout.fault)
        payout.asked += 1
        if payout.asked > self._stage.misled(fault.asks):
            return Asks.TRUE, faults.Wire.CLEAN
        clean = fault.asks in {Asks.STALE, Asks.UNSEEN}
        return fault.asks, faults.Wire.CLEAN if clean else fault.wire

    def _shown(self, payout: Payout, asks: Asks) -> dict[str, object]:
        outcome = None if asks is Asks.STALE else payout.outcome
        shown: dict[str, object] = {
            "id": payout.key,
            "currency": payout.currency,
            "receive_amount": answers.written(payout.amount_minor, payout.currency),
            "fee": answers.written(payout.fee_minor, payout.currency),
            "mobile": f"+{payout.payee}",
            "name": payout.echo["name"] or None,
            "client_reference": payout.echo["client_reference"] or None,
            "status": "processing" if outcome is None else "succeeded",
        }
        if payout.back:
            return {**shown, "status": "reversed"}
        if outcome in {None, Outcome.PAID}:
            return shown
        code = _ERRORS.get(outcome or Outcome.FAILED, "recipient-account-blocked")
        return {
            **shown,
            "status": "failed",
            "payout_error": {"error_code": code, "error_message": code},
        }
