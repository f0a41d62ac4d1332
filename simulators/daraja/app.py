"""The Daraja application."""

import base64
from datetime import UTC, datetime

from fastapi import FastAPI, Request, Response
from fastapi.responses import JSONResponse

from simulators import codes, faults
from simulators.book import MoneyBook, Payment
from simulators.daraja import answers, push
from simulators.door import Refused, answer_refused, note
from simulators.faults import Asks, Fault, Outcome, Wire
from simulators.settings import Settings
from simulators.spoiler import Spoiler
from simulators.stage import Callback, Stage
from simulators.tokens import Tokens

#: Daraja's tokens are good for every product of an app.
_ANY_PRODUCT = "any"

#: An over-long reference or description: accepted, then never delivered to the phone.
_OVER_LONG = Fault(
    suffix="", name="over_long_text", says="result 1025", outcome=Outcome.UNDELIVERED
)


def _callback(payment: Payment, outcome: Outcome) -> Callback:
    return Callback("POST", answers.callback(payment, outcome))


def _find(name: str) -> Fault:
    return _OVER_LONG if name == _OVER_LONG.name else faults.named(name)


class Daraja:
    """Routes of one short code. An STK push is never idempotent: each one rings the phone."""

    def __init__(self, settings: Settings) -> None:
        file = settings.state_dir / "daraja.jsonl" if settings.state_dir else None
        self.stage = Stage(
            book=MoneyBook("daraja", file),
            speed=settings.speed,
            callback=_callback,
            receipt=codes.receipt,
            find=_find,
        )
        self._settings = settings
        self._tokens = Tokens()
        self._spoiler = Spoiler(words=answers.WORDS, storm=answers.storm, tokens=self._tokens)

    def app(self) -> FastAPI:
        """The application, without documentation pages: it stands in for somebody else's."""
        app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
        app.add_exception_handler(Refused, answer_refused)
        app.add_exception_handler(404, _no_such_resource)
        app.add_exception_handler(405, _wrong_method)
        app.add_route("/oauth/v1/generate", self.token, methods=["GET"])
        app.add_route("/mpesa/stkpush/v1/processrequest", self.stk_push, methods=["POST"])
        app.add_route("/mpesa/stkpushquery/v1/query", self.stk_query, methods=["POST"])
        return app

    async def token(self, request: Request) -> Response:
        """A token; `expires_in` is a string, a wrong key is a 400 without a body."""
        settings = self._settings
        pair = f"{settings.daraja_consumer_key}:{settings.daraja_consumer_secret}"
        basic = f"Basic {base64.b64encode(pair.encode()).decode()}"
        grant = request.query_params.get("grant_type")
        if request.headers.get("authorization") != basic or grant != "client_credentials":
            return Response(status_code=400)
        life = self.stage.behaviour.token_lifetime_seconds
        token = self._tokens.issue(_ANY_PRODUCT, settings.daraja_consumer_key, life)
        body = {"access_token": token, "expires_in": str(life - 1)}
        fault = self.stage.director.ordered("token") or faults.PAID
        return self._answer(request, fault.wire, JSONResponse(body))

    async def stk_push(self, request: Request) -> Response:
        """Ring the payer's phone."""
        body = await self._read(request)
        amount = push.check(body)
        url = str(body["CallBackURL"])
        own = _OVER_LONG if push.over_long(body) else faults.of_number(str(body["PhoneNumber"]))
        fault = self.stage.director.collect(url, own)
        note(request, fault=fault.name, reference=str(body["AccountReference"]))
        if not fault.acts:
            return self._answer(request, fault.wire, Response(status_code=500))
        payment = self._payment(body, amount, fault)
        await self.stage.accept(payment, fault)
        return self._answer(request, fault.wire, answers.ack(payment))

    async def stk_query(self, request: Request) -> Response:
        """What became of a prompt; HTTP 500 while the payer has not decided."""
        body = await self._read(request)
        payment = self.stage.book.payments.get(str(body.get("CheckoutRequestID")))
        if payment is None:
            return answers.invalid("CheckoutRequestID")
        note(request, reference=payment.our_reference)
        asks, wire = self.stage.question(payment)
        unknown = payment.outcome is None or asks in {Asks.STALE, Asks.UNSEEN}
        clean = (
            answers.processing()
            if unknown or payment.outcome is None
            else answers.query(payment, payment.outcome)
        )
        return self._answer(request, wire, clean)

    async def _read(self, request: Request) -> dict[str, object]:
        if self._tokens.user(request.headers.get("authorization", ""), _ANY_PRODUCT) is None:
            raise Refused(answers.invalid_token())
        return await push.read(request, self._settings)

    def _payment(self, body: dict[str, object], amount: int, fault: Fault) -> Payment:
        stamp = datetime.now(UTC).astimezone(answers.NAIROBI).strftime("%d%m%Y%H%M%S")
        key = f"ws_CO_{stamp}{codes.digits(9)}"
        reference = str(body["AccountReference"])
        return Payment(
            key=key,
            our_reference=reference,
            payer=str(body["PhoneNumber"]),
            amount_minor=amount,
            currency="KES",
            callback_url=str(body["CallBackURL"]),
            fault=fault.name,
            calls=fault.calls,
            serial=len(self.stage.book.payments),
            names={"account_reference": reference, "checkout_request_id": key},
            echo={"MerchantRequestID": f"{codes.digits(5)}-{codes.digits(8)}-1"},
        )

    def _answer(self, request: Request, wire: Wire, clean: Response) -> Response:
        return self._spoiler.answer(request, wire, clean, self.stage.behaviour)


async def _no_such_resource(_request: Request, _error: Exception) -> Response:
    return answers.error(404, "404.003.01", "Resource not found")


async def _wrong_method(_request: Request, _error: Exception) -> Response:
    return answers.error(405, "405.001", "Method Not Allowed")
