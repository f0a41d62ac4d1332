"""The Wave application: sessions, their page, their webhooks."""

from datetime import UTC, datetime, timedelta
from functools import partial

from fastapi import FastAPI, Request, Response
from fastapi.responses import HTMLResponse, JSONResponse

from simulators import codes, faults
from simulators.book import Payment
from simulators.door import Refused, answer_refused, note
from simulators.faults import Asks, Fault, Outcome, Wire
from simulators.settings import Settings
from simulators.spoiler import Spoiler
from simulators.stage import Callback, Stage
from simulators.tokens import Tokens
from simulators.wallet_book import WalletBook
from simulators.wave import answers, orders
from simulators.wave.wallet import Wallet

_LIFE = timedelta(minutes=30)


class Wave:
    """One wallet. The payer decides without opening the page, as the number says."""

    def __init__(self, settings: Settings) -> None:
        file = settings.state_dir / "wave.jsonl" if settings.state_dir else None
        self.book = WalletBook("wave", file, opening_minor=settings.wave_opening_minor)
        self.stage = Stage(
            book=self.book,
            speed=settings.speed,
            callback=self._callback,
            receipt=lambda: f"T_{codes.digits(12)}",
            find=faults.named,
            webhook_url=settings.wave_webhook_url,
        )
        self._settings = settings
        self._spoiler = Spoiler(words=answers.WORDS, storm=answers.storm, tokens=Tokens())
        self._wallet = Wallet(settings, self.stage, self.book, self._spoiler, self._authorise)

    def app(self) -> FastAPI:
        """The application, without documentation pages: it stands in for somebody else's."""
        app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
        app.add_exception_handler(Refused, answer_refused)
        sessions = "/v1/checkout/sessions"
        app.add_route(sessions, self.create, methods=["POST"])
        app.add_route(sessions, self.of_transaction, methods=["GET"])
        app.add_route(f"{sessions}/search", self.search, methods=["GET"])
        app.add_route(f"{sessions}/{{key}}", self.show, methods=["GET"])
        app.add_route(f"{sessions}/{{key}}/expire", self.expire, methods=["POST"])
        app.add_route(f"{sessions}/{{key}}/refund", self.refund, methods=["POST"])
        app.add_route("/c/{key}", self.page, methods=["GET"])
        self._wallet.mount(app)
        return app

    def resume(self) -> None:
        """Play on payouts that were under way."""
        self._wallet.resume()

    async def create(self, request: Request) -> Response:
        """A session; a repeat makes a second one."""
        self._authorise(request)
        order = await orders.session(request, self._settings.wave_currency)
        reference = order.echo["client_reference"]
        own = faults.of_number(order.mobile)
        fault = self.stage.director.collect(reference, own)
        note(request, fault=fault.name, reference=reference)
        payment = self._payment(request, order, fault)
        if fault.acts:
            await self.stage.accept(payment, fault)
        shown = JSONResponse(answers.session(payment, None))
        return self._spoiler.answer(request, fault.wire, shown, self.stage.behaviour)

    async def show(self, request: Request) -> Response:
        """A session by its id."""
        self._authorise(request)
        return self._told(request, self._known(request), missing=self._not_found())

    async def search(self, request: Request) -> Response:
        """Sessions of one reference of ours."""
        self._authorise(request)
        sought = request.query_params.get("client_reference", "")
        found = [one for one in self.book.payments.values() if one.our_reference == sought]
        if not found:
            return JSONResponse({"result": []})
        asks, wire = self.stage.question(found[0])
        told = [] if asks is Asks.UNSEEN else [self._shown(one, asks) for one in found]
        return self._answer(request, wire, JSONResponse({"result": told}))

    async def of_transaction(self, request: Request) -> Response:
        """The session paid by a transaction."""
        self._authorise(request)
        receipt = request.query_params.get("transaction_id", "")
        paid = (one for one in self.book.payments.values() if receipt and one.receipt == receipt)
        return self._told(request, next(paid, None), missing=self._not_found())

    async def expire(self, request: Request) -> Response:
        """End an open session; 409 where it ended before, paid perhaps."""
        self._authorise(request)
        payment = self._known(request)
        if payment is None:
            return self._not_found()
        if payment.outcome is not None:
            return answers.error(409, "checkout-session-ended")
        self.stage.withdraw(payment, Outcome.EXPIRED)
        return Response()

    async def refund(self, request: Request) -> Response:
        """Give all of it back; again, it changes nothing."""
        self._authorise(request)
        payment = self._known(request)
        if payment is None:
            return self._not_found()
        if payment.outcome is not Outcome.PAID:
            return answers.error(422, "checkout-refund-failed")
        fault = self.stage.director.ordered("refund") or faults.PAID
        if fault.acts and payment.key not in self.book.given_back:
            self.book.give_back(payment.key)
        return self._answer(request, fault.wire, Response())

    async def page(self, request: Request) -> Response:
        """What a payer sees."""
        payment = self._known(request)
        if payment is None:
            return HTMLResponse("<h1>Wave (simulated)</h1><p>No such session.</p>", 404)
        self.stage.opened(payment)
        amount = f"{payment.currency} {answers.written(payment.amount_minor, payment.currency)}"
        return HTMLResponse(f"<h1>Wave (simulated)</h1><p>{amount}: the payer decides alone.</p>")

    def _authorise(self, request: Request) -> None:
        """Raises Refused where the key is not ours."""
        sent = request.headers.get("authorization", "")
        if not sent:
            raise Refused(answers.error(401, "missing-auth-header"))
        if sent != f"Bearer {self._settings.wave_api_key}":
            raise Refused(answers.error(401, "no-matching-api-key"))

    def _payment(self, request: Request, order: orders.Order, fault: Fault) -> Payment:
        key = f"cos-{codes.digits(13)}"
        now = datetime.now(UTC)
        base = f"{request.url.scheme}://{request.url.netloc}{request.scope['root_path']}"
        times = {"created": now.isoformat(), "expires": (now + _LIFE).isoformat()}
        return Payment(
            key=key,
            our_reference=order.echo["client_reference"],
            payer=order.mobile,
            amount_minor=order.amount_minor,
            currency=self._settings.wave_currency,
            callback_url=self.stage.webhook_url,
            fault=fault.name,
            calls=fault.calls,
            serial=len(self.book.payments),
            names={"session_id": key},
            echo={**order.echo, **times, "launch_url": f"{base}/c/{key}"},
        )

    def _callback(self, payment: Payment, outcome: Outcome) -> Callback | None:
        told = answers.event(payment, outcome)
        secret = self._settings.wave_webhook_secret
        return Callback("POST", told, proof=partial(answers.signed, secret)) if told else None

    def _known(self, request: Request) -> Payment | None:
        return self.book.payments.get(request.path_params["key"])

    def _not_found(self) -> Response:
        return answers.error(404, "checkout-session-not-found")

    def _told(self, request: Request, payment: Payment | None, *, missing: Response) -> Response:
        if payment is None:
            return missing
        note(request, reference=payment.our_reference)
        asks, wire = self.stage.question(payment)
        if asks is Asks.UNSEEN:
            return missing
        return self._answer(request, wire, JSONResponse(self._shown(payment, asks)))

    def _shown(self, payment: Payment, asks: Asks) -> dict[str, object]:
        return answers.session(payment, None if asks is Asks.STALE else payment.outcome)

    def _answer(self, request: Request, wire: Wire, clean: Response) -> Response:
        return self._spoiler.answer(request, wire, clean, self.stage.behaviour)
