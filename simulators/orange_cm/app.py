"""The core API: token, merchant payments, cash-ins, subscribers."""

import base64
from urllib.parse import parse_qs

from fastapi import FastAPI, Request, Response
from fastapi.responses import JSONResponse

from simulators import codes, faults
from simulators.book import Payment
from simulators.door import Refused, answer_refused, note
from simulators.faults import Asks, Fault, Outcome, Wire
from simulators.orange_cm import answers, orders
from simulators.orange_cm.answers import Shown
from simulators.orange_cm.cashin import CashIn
from simulators.orange_cm.gate import Gate
from simulators.settings import Settings
from simulators.spoiler import Spoiler
from simulators.stage import Callback, Stage
from simulators.tokens import Tokens
from simulators.wallet_book import WalletBook

_PRODUCT = "core"


class OrangeCm:
    """One channel. A payment is made under a pay token, once."""

    def __init__(self, settings: Settings) -> None:
        file = settings.state_dir / "orange_cm.jsonl" if settings.state_dir else None
        self.book = WalletBook("orange_cm", file, opening_minor=settings.orange_cm_opening_minor)
        self.stage = Stage(
            book=self.book,
            speed=settings.speed,
            callback=self._callback,
            receipt=_receipt,
            find=faults.named,
        )
        self._settings = settings
        self._tokens = Tokens()
        self._gate = Gate(settings, self._tokens, _PRODUCT)
        self._spoiler = Spoiler(words=answers.WORDS, storm=answers.storm, tokens=self._tokens)
        self._cash_in = CashIn(settings, self.stage, self.book, self._spoiler, gate=self._gate)

    def app(self) -> FastAPI:
        """The application, without documentation pages: it stands in for somebody else's."""
        app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
        app.add_exception_handler(Refused, answer_refused)
        base = "/omcoreapis/1.0.2"
        app.add_route("/token", self.token, methods=["POST"])
        app.add_route(f"{base}/mp/init", self.init, methods=["POST"])
        app.add_route(f"{base}/mp/pay", self.pay, methods=["POST"])
        app.add_route(f"{base}/mp/paymentstatus/{{key}}", self.status, methods=["GET"])
        self._cash_in.mount(app, base)
        return app

    def resume(self) -> None:
        """Play on cash-ins that were under way."""
        self._cash_in.resume()

    async def token(self, request: Request) -> Response:
        """A token of the gateway."""
        settings = self._settings
        pair = f"{settings.orange_cm_consumer_key}:{settings.orange_cm_consumer_secret}"
        ours = f"Basic {base64.b64encode(pair.encode()).decode()}"
        asked = parse_qs((await request.body()).decode("utf-8", "replace"))
        wanted = asked.get("grant_type") == ["client_credentials"]
        if request.headers.get("authorization") != ours or not wanted:
            return answers.bad_client()
        life = self.stage.behaviour.token_lifetime_seconds
        token = self._tokens.issue(_PRODUCT, settings.orange_cm_consumer_key, life)
        body = {"access_token": token, "scope": "default", "token_type": "Bearer",
                "expires_in": life}  # fmt: skip
        fault = self.stage.director.ordered("token") or faults.PAID
        return self._answer(request, fault.wire, JSONResponse(body))

    async def init(self, request: Request) -> Response:
        """A pay token: free of effect."""
        self._gate.check(request)
        return answers.taken(self._gate.new_token())

    async def pay(self, request: Request) -> Response:
        """Ring the payer's phone."""
        self._gate.check(request)
        order = await self._gate.order(request)
        number = f"237{order.number}"
        fault = self.stage.director.collect(order.order, faults.of_number(number))
        note(request, fault=fault.name, reference=order.order)
        payment = self._payment(order, number, fault)
        if fault.acts:
            self._gate.spend(order.token)
            await self.stage.accept(payment, fault)
        clean = answers.paid(self._shown(payment), fault.outcome)
        return self._answer(request, fault.wire, clean)

    async def status(self, request: Request) -> Response:
        """What became of a payment."""
        self._gate.check(request)
        key = request.path_params["key"]
        payment = self.book.payments.get(key)
        if payment is None:
            return self._gate.unpaid(key)
        note(request, reference=payment.our_reference)
        asks, wire = self.stage.question(payment)
        if asks is Asks.UNSEEN:
            return answers.unknown_token()
        outcome = None if asks is Asks.STALE else payment.outcome
        return self._answer(request, wire, answers.status(self._shown(payment), outcome))

    def _payment(self, order: orders.Order, number: str, fault: Fault) -> Payment:
        return Payment(
            key=order.token,
            our_reference=order.order,
            payer=number,
            amount_minor=order.amount,
            currency="XAF",
            callback_url=order.notif_url,
            fault=fault.name,
            calls=fault.calls,
            serial=len(self.book.payments),
            names={"pay_token": order.token},
        )

    def _shown(self, payment: Payment) -> Shown:
        return Shown(
            token=payment.key,
            order=payment.our_reference,
            number=payment.payer[3:],
            channel=self._settings.orange_cm_channel,
            amount=payment.taken_minor or payment.amount_minor,
            notif_url=payment.callback_url,
            receipt=payment.receipt,
            serial=payment.serial,
        )

    def _callback(self, payment: Payment, outcome: Outcome) -> Callback:
        return Callback("POST", answers.notification(self._shown(payment), outcome))

    def _answer(self, request: Request, wire: Wire, clean: Response) -> Response:
        return self._spoiler.answer(request, wire, clean, self.stage.behaviour)


def _receipt() -> str:
    return f"MP{codes.digits(6)}.{codes.digits(4)}.C{codes.digits(5)}"
