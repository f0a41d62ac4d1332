"""The Airtel Money application: token, push, enquiry, refund, look-ups."""

import json
from functools import partial

from fastapi import FastAPI, Request, Response
from fastapi.responses import JSONResponse

from simulators import codes, faults
from simulators.airtel import answers, orders
from simulators.airtel.wallet import Wallet
from simulators.book import Payment
from simulators.door import Refused, answer_refused, note
from simulators.faults import Asks, Fault, Outcome, Wire
from simulators.settings import Settings
from simulators.spoiler import Spoiler
from simulators.stage import Callback, Stage
from simulators.tokens import Tokens
from simulators.wallet_book import WalletBook

#: What a token is for: one app has one product.
_PRODUCT = "airtel"


class Airtel:
    """One app in one country. A push is named by `transaction.id`: a repeat is refused."""

    def __init__(self, settings: Settings) -> None:
        file = settings.state_dir / "airtel.jsonl" if settings.state_dir else None
        self.book = WalletBook("airtel", file, opening_minor=settings.airtel_opening_minor)
        self.stage = Stage(
            book=self.book,
            speed=settings.speed,
            callback=self._callback,
            receipt=lambda: codes.digits(12),
            find=faults.named,
            webhook_url=settings.airtel_callback_url,
        )
        self._settings = settings
        self._tokens = Tokens()
        self._spoiler = Spoiler(words=answers.WORDS, storm=answers.storm, tokens=self._tokens)
        self._wallet = Wallet(settings, self.stage, self.book, self._spoiler, self._authorise)

    def app(self) -> FastAPI:
        """The application, without documentation pages: it stands in for somebody else's."""
        app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None, redirect_slashes=False)
        app.add_exception_handler(Refused, answer_refused)
        app.add_route("/auth/oauth2/token", self.token, methods=["POST"])
        app.add_route("/merchant/v1/payments/", self.push, methods=["POST"])
        app.add_route("/standard/v1/payments/refund", self.refund, methods=["POST"])
        app.add_route("/standard/v1/payments/{key}", self.enquire, methods=["GET"])
        self._wallet.mount(app)
        return app

    async def token(self, request: Request) -> Response:
        """A token that lives three minutes, its life as text."""
        try:
            asked = json.loads(await request.body())
        except ValueError:
            asked = {}
        pair = (self._settings.airtel_client_id, self._settings.airtel_client_secret)
        sent = (asked.get("client_id"), asked.get("client_secret"))
        if sent != pair or asked.get("grant_type") != "client_credentials":
            return answers.bad_client()
        life = min(self.stage.behaviour.token_lifetime_seconds, 180)
        token = self._tokens.issue(_PRODUCT, pair[0], life)
        body = {"token_type": "bearer", "access_token": token, "expires_in": str(life)}
        fault = self.stage.director.ordered("token") or faults.PAID
        return self._answer(request, fault.wire, JSONResponse(body))

    async def push(self, request: Request) -> Response:
        """Ring the payer: "Success." means taken in."""
        self._authorise(request)
        order = await orders.collection(request, self._settings.airtel_currency)
        if order.key in self.book.payments:
            return answers.envelope("DP00800001011", success=False)
        payer = f"{self._settings.airtel_calling_code}{order.number}"
        fault = self.stage.director.collect(order.key, faults.of_number(payer))
        note(request, fault=fault.name, reference=order.key)
        if fault.acts:
            await self.stage.accept(self._payment(order, payer, fault), fault)
        taken = {"transaction": {"id": order.key, "status": "Success."}}
        clean = answers.envelope("DP00800001006", taken)
        return self._answer(request, fault.wire, clean)

    async def enquire(self, request: Request) -> Response:
        """What became of a push."""
        self._authorise(request)
        payment = self.book.payments.get(request.path_params["key"])
        if payment is None:
            return answers.envelope("DP00800001025", success=False)
        note(request, reference=payment.key)
        asks, wire = self.stage.question(payment)
        if asks is Asks.UNSEEN:
            return answers.envelope("DP00800001025", success=False)
        shown = None if asks is Asks.STALE else payment.outcome
        return self._answer(request, wire, answers.collection(payment, shown))

    async def refund(self, request: Request) -> Response:
        """Give a payment back by its airtel_money_id; done, it still says `success: false`."""
        self._authorise(request)
        named = await orders.refund(request)
        paid = [one for one in self.book.payments.values() if one.receipt == named]
        if not paid:
            return answers.envelope("DP00800001025", success=False)
        if paid[0].key in self.book.given_back:
            return answers.envelope("DP00800001008", success=False)
        fault = self.stage.director.ordered("refund") or faults.PAID
        if fault.acts:
            self.book.give_back(paid[0].key)
        done = {"transaction": {"airtel_money_id": named, "status": "SUCCESS"}}
        clean = answers.envelope("DP00800001001", done, success=False, older="ESB000010")
        return self._answer(request, fault.wire, clean)

    def _authorise(self, request: Request) -> None:
        """Raises Refused where token, country or currency are not ours."""
        if self._tokens.user(request.headers.get("authorization", ""), _PRODUCT) is None:
            raise Refused(answers.bad_token())
        if request.headers.get("x-country") != self._settings.airtel_country:
            raise Refused(answers.router("ROUTER110", "Partner and country do not match"))
        if request.headers.get("x-currency") != self._settings.airtel_currency:
            raise Refused(answers.router("ROUTER006", "X-Currency is missing or wrong"))

    def _payment(self, order: orders.Order, payer: str, fault: Fault) -> Payment:
        text_id = f"MP{codes.digits(6)}.{codes.digits(4)}.L{codes.digits(5)}"
        return Payment(
            key=order.key,
            our_reference=order.key,
            payer=payer,
            amount_minor=order.amount_minor,
            currency=self._settings.airtel_currency,
            callback_url=self.stage.webhook_url,
            fault=fault.name,
            calls=fault.calls,
            serial=len(self.book.payments),
            names={"transaction_id": order.key},
            echo={"reference": order.body["reference"], "text_id": text_id},
        )

    def _callback(self, payment: Payment, outcome: Outcome) -> Callback:
        where, key = self.stage.behaviour.hash_in, self._settings.airtel_callback_key
        body = answers.proven(answers.callback(payment, outcome), key, where)
        proof = partial(_in_header, key) if where == "header" else None
        return Callback("POST", body, proof=proof)

    def _answer(self, request: Request, wire: Wire, clean: Response) -> Response:
        return self._spoiler.answer(request, wire, clean, self.stage.behaviour)


def _in_header(key: str, raw: bytes) -> dict[str, str]:
    return {"x-signature": answers.hashed(key, raw)}
