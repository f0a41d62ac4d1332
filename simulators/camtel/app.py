"""The Camtel application: token, collections, refunds."""

import base64
from functools import partial
from urllib.parse import parse_qs

from fastapi import FastAPI, Request, Response
from fastapi.responses import JSONResponse

from simulators import codes, faults
from simulators.book import Payment
from simulators.camtel import answers, orders
from simulators.camtel.transfers import Transfers
from simulators.door import Refused, answer_refused, note
from simulators.faults import Asks, Fault, Outcome, Wire
from simulators.settings import Settings
from simulators.spoiler import Spoiler
from simulators.stage import Callback, Stage
from simulators.tokens import Tokens
from simulators.wallet_book import WalletBook

_PRODUCT = "camtel"


class Camtel:
    """One merchant. A reference names one payment for ever: its repeat is answered alike."""

    def __init__(self, settings: Settings) -> None:
        file = settings.state_dir / "camtel.jsonl" if settings.state_dir else None
        self.book = WalletBook("camtel", file, opening_minor=settings.camtel_opening_minor)
        self.stage = Stage(
            book=self.book,
            speed=settings.speed,
            callback=self._callback,
            receipt=lambda: f"BM{codes.digits(10)}",
            find=faults.named,
        )
        self._settings = settings
        self._tokens = Tokens()
        self._spoiler = Spoiler(words=answers.WORDS, storm=answers.storm, tokens=self._tokens)
        self._transfers = Transfers(
            settings, self.stage, self.book, self._spoiler, authorise=self._authorise
        )

    def app(self) -> FastAPI:
        """The application, without documentation pages: it stands in for somebody else's."""
        app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
        app.add_exception_handler(Refused, answer_refused)
        app.add_route("/oauth/token", self.token, methods=["POST"])
        collections = "/v1/collections"
        app.add_route(collections, self.collect, methods=["POST"])
        app.add_route(f"{collections}/by-reference/{{key}}", self.status, methods=["GET"])
        app.add_route(f"{collections}/{{key}}/refunds", self.refund, methods=["POST"])
        self._transfers.mount(app)
        return app

    def resume(self) -> None:
        """Play on transfers that were under way."""
        self._transfers.resume()

    async def token(self, request: Request) -> Response:
        """A token for the pair of the merchant."""
        pair = f"{self._settings.camtel_client_id}:{self._settings.camtel_client_secret}"
        ours = f"Basic {base64.b64encode(pair.encode()).decode()}"
        asked = parse_qs((await request.body()).decode("utf-8", "replace"))
        wanted = asked.get("grant_type") == ["client_credentials"]
        if request.headers.get("authorization") != ours or not wanted:
            return answers.error(401, "invalid_client")
        life = self.stage.behaviour.token_lifetime_seconds
        token = self._tokens.issue(_PRODUCT, self._settings.camtel_client_id, life)
        body = {"access_token": token, "token_type": "Bearer", "expires_in": life}
        fault = self.stage.director.ordered("token") or faults.PAID
        return self._answer(request, fault.wire, JSONResponse(body))

    async def collect(self, request: Request) -> Response:
        """Ask the payer; the first answer again for the same reference and body."""
        self._authorise(request)
        order = await orders.read(request, "payer")
        known = self._known(order.reference)
        if known is not None:
            same = known.echo["body"] == order.body
            shown = JSONResponse(_shown(known, known.outcome))
            return shown if same else answers.error(409, "idempotency_mismatch")
        fault = self.stage.director.collect(order.reference, faults.of_number(order.number))
        note(request, fault=fault.name, reference=order.reference)
        payment = self._payment(order, fault)
        if fault.acts:
            await self.stage.accept(payment, fault)
        return self._answer(request, fault.wire, JSONResponse(_shown(payment, None), 202))

    async def status(self, request: Request) -> Response:
        """What became of a collection."""
        self._authorise(request)
        payment = self._known(request.path_params["key"])
        if payment is None:
            return answers.error(404, "not_found")
        note(request, reference=payment.our_reference)
        asks, wire = self.stage.question(payment)
        if asks is Asks.UNSEEN:
            return answers.error(404, "not_found")
        outcome = None if asks is Asks.STALE else payment.outcome
        return self._answer(request, wire, JSONResponse(_shown(payment, outcome)))

    async def refund(self, request: Request) -> Response:
        """Give a whole payment back, once."""
        self._authorise(request)
        order = await orders.read(request, "")
        payment = self.book.payments.get(request.path_params["key"])
        if payment is None or payment.outcome is not Outcome.PAID:
            return answers.error(404, "not_found")
        before = self.book.refunded_by.get(payment.key)
        if payment.taken_minor != order.amount or before not in {None, order.reference}:
            return answers.error(422, "limit_exceeded")
        fault = self.stage.director.collect(order.reference, faults.PAID, operation="refund")
        if fault.acts and fault.outcome is Outcome.PAID and before is None:
            self.book.give_back(payment.key, by=order.reference)
        told = answers.resource(
            f"ref_{payment.key}", order.reference, order.amount, "", fault.outcome
        )
        return self._answer(request, fault.wire, JSONResponse(told))

    def _authorise(self, request: Request) -> None:
        """Raises Refused where the token is not ours."""
        if self._tokens.user(request.headers.get("authorization", ""), _PRODUCT) is None:
            raise Refused(answers.error(401, "invalid_token"))

    def _known(self, reference: str) -> Payment | None:
        found = (one for one in self.book.payments.values() if one.our_reference == reference)
        return next(found, None)

    def _payment(self, order: orders.Order, fault: Fault) -> Payment:
        key = f"col_{codes.digits(12)}"
        return Payment(
            key=key,
            our_reference=order.reference,
            payer=order.number,
            amount_minor=order.amount,
            currency="XAF",
            callback_url=order.callback_url,
            fault=fault.name,
            calls=fault.calls,
            serial=len(self.book.payments),
            names={"collection_id": key},
            echo={"body": order.body},
        )

    def _callback(self, payment: Payment, outcome: Outcome) -> Callback:
        told = answers.event("collection", _shown(payment, outcome))
        secret = self._settings.camtel_callback_secret
        return Callback("POST", told, proof=partial(answers.signed, secret))

    def _answer(self, request: Request, wire: Wire, clean: Response) -> Response:
        return self._spoiler.answer(request, wire, clean, self.stage.behaviour)


def _shown(payment: Payment, outcome: Outcome | None) -> dict[str, object]:
    paid = outcome is Outcome.PAID and payment.taken_minor
    amount = payment.taken_minor if paid else payment.amount_minor
    return answers.resource(payment.key, payment.our_reference, amount, payment.receipt, outcome)
