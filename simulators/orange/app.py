"""The Orange Web Payment application: token, page, status, notifications."""

import base64
import secrets
from dataclasses import replace
from urllib.parse import parse_qs

from fastapi import FastAPI, Request, Response
from fastapi.responses import HTMLResponse, JSONResponse

from simulators import codes, faults
from simulators.book import EXPONENTS, MoneyBook, Payment
from simulators.door import Refused, answer_refused, note
from simulators.faults import Asks, Fault, Outcome, Takes, Wire
from simulators.orange import answers, orders
from simulators.settings import Settings
from simulators.spoiler import Spoiler
from simulators.stage import Callback, Stage
from simulators.tokens import Tokens

#: What a token is for.
_PRODUCT = "webpay"
_LONGEST_LIFE = 7_776_000
#: Answers after which nobody knows where the page is.
_LOST = {Wire.HANG, Wire.RESET, Wire.ERROR, Wire.MALFORMED, Wire.HTML}


def _found(name: str) -> Fault:
    """The fault of that name, as a page has it: it takes what it shows, from who was sent there."""
    fault = faults.named(name)
    outcome = Outcome.EXPIRED if fault.wire in _LOST else fault.outcome
    return replace(fault, takes=Takes.ASKED, outcome=outcome)


class Orange:
    """One merchant. The payer decides without opening the page, as the amount says."""

    def __init__(self, settings: Settings) -> None:
        file = settings.state_dir / "orange.jsonl" if settings.state_dir else None
        self.book = MoneyBook("orange", file)
        self.stage = Stage(
            book=self.book,
            speed=settings.speed,
            callback=self._callback,
            receipt=lambda: f"MP{codes.digits(6)}.{codes.digits(4)}.A{codes.digits(5)}",
            find=_found,
        )
        self._settings = settings
        self._tokens = Tokens()
        self._spoiler = Spoiler(words=answers.WORDS, storm=answers.storm, tokens=self._tokens)

    def app(self) -> FastAPI:
        """The application, without documentation pages: it stands in for somebody else's."""
        app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
        app.add_exception_handler(Refused, answer_refused)
        place = "/orange-money-webpay/{place}/v1"
        app.add_route("/oauth/v3/token", self.token, methods=["POST"])
        app.add_route(f"{place}/webpayment", self.create, methods=["POST"])
        app.add_route(f"{place}/transactionstatus", self.status, methods=["POST"])
        app.add_route("/payment/pay_token/{key}", self.page, methods=["GET"])
        return app

    async def token(self, request: Request) -> Response:
        """A token for the pair of the application."""
        pair = f"{self._settings.orange_client_id}:{self._settings.orange_client_secret}"
        ours = f"Basic {base64.b64encode(pair.encode()).decode()}"
        asked = parse_qs((await request.body()).decode("utf-8", "replace"))
        if request.headers.get("authorization") != ours:
            return answers.bad_client()
        if asked.get("grant_type") != ["client_credentials"]:
            return answers.invalid("grant_type")
        life = min(self.stage.behaviour.token_lifetime_seconds, _LONGEST_LIFE)
        token = self._tokens.issue(_PRODUCT, self._settings.orange_client_id, life)
        body = {"token_type": "Bearer", "access_token": token, "expires_in": life}
        fault = self.stage.director.ordered("token") or faults.PAID
        return self._answer(request, fault.wire, JSONResponse(body))

    async def create(self, request: Request) -> Response:
        """A page; an order id names one for ever."""
        self._authorise(request)
        order = await orders.page(
            request,
            merchant_key=self._settings.orange_merchant_key,
            currency=self._settings.orange_wire_currency,
        )
        if any(one.our_reference == order.order_id for one in self.book.payments.values()):
            return answers.used()
        own = faults.of_amount(order.amount)
        fault = self.stage.director.collect(order.order_id, own)
        note(request, fault=fault.name, reference=order.order_id)
        payment = self._payment(request, order, fault)
        if fault.acts:
            await self.stage.accept(payment, _found(fault.name))
        return self._answer(request, fault.wire, answers.made(payment))

    async def status(self, request: Request) -> Response:
        """What became of a page, where order, amount and token are those it was made with."""
        self._authorise(request)
        asked = await orders.fields(request)
        payment = self.book.payments.get(str(asked.get("pay_token")))
        if payment is None or not _same(payment, asked):
            return answers.invalid("pay_token")
        note(request, reference=payment.our_reference)
        asks, wire = self.stage.question(payment)
        if asks is Asks.UNSEEN:
            return answers.invalid("pay_token")
        shown = Outcome.NEVER if asks is Asks.STALE else payment.outcome
        return self._answer(request, wire, answers.status(payment, shown))

    async def page(self, request: Request) -> Response:
        """What a payer sees."""
        payment = self.book.payments.get(request.path_params["key"])
        if payment is None:
            return HTMLResponse("<h1>Orange Money (simulated)</h1><p>No such payment.</p>", 404)
        self.stage.opened(payment)
        amount = f"{payment.currency} {_major(payment)}"
        shown = f"<h1>Orange Money (simulated)</h1><p>{amount}: the payer decides alone.</p>"
        return HTMLResponse(shown)

    def _authorise(self, request: Request) -> None:
        """Raises Refused where the token or the place is not ours."""
        if self._tokens.user(request.headers.get("authorization", ""), _PRODUCT) is None:
            raise Refused(answers.bad_token())
        if request.path_params["place"] != self._settings.orange_place:
            raise Refused(answers.elsewhere())

    def _payment(self, request: Request, order: orders.Order, fault: Fault) -> Payment:
        key = secrets.token_hex(32)
        base = f"{request.url.scheme}://{request.url.netloc}{request.scope['root_path']}"
        return Payment(
            key=key,
            our_reference=order.order_id,
            payer="",
            amount_minor=order.amount_minor,
            currency=self._settings.orange_wire_currency,
            callback_url=order.notif_url,
            fault=fault.name,
            calls=fault.calls,
            serial=len(self.book.payments),
            names={"pay_token": key},
            echo={
                "payment_url": f"{base}/payment/pay_token/{key}",
                "notif_token": secrets.token_hex(16),
            },
        )

    def _callback(self, payment: Payment, outcome: Outcome) -> Callback | None:
        told = answers.notification(payment, outcome)
        return Callback("POST", told) if told else None

    def _answer(self, request: Request, wire: Wire, clean: Response) -> Response:
        return self._spoiler.answer(request, wire, clean, self.stage.behaviour)


def _major(payment: Payment) -> int:
    unit: int = 10 ** EXPONENTS.get(payment.currency, 0)
    return payment.amount_minor // unit


def _same(payment: Payment, asked: dict[str, object]) -> bool:
    told = (asked.get("order_id"), asked.get("amount"))
    return told == (payment.our_reference, _major(payment))
