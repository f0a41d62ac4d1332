"""The gateway's application: sessions, orders, refunds, notifications."""

import hmac
import secrets
from base64 import b64encode
from dataclasses import replace
from datetime import UTC, datetime

from fastapi import FastAPI, Request, Response
from fastapi.responses import JSONResponse

from simulators import codes, faults
from simulators.book import Payment
from simulators.cards import answers, orders
from simulators.cards.book import CardBook, Refund
from simulators.cards.page import Page
from simulators.door import Refused, answer_refused, note
from simulators.faults import Asks, Fault, Outcome, Wire
from simulators.settings import Settings
from simulators.spoiler import Spoiler
from simulators.stage import Callback, Stage
from simulators.tokens import Tokens

#: An answer that held the only address of the page: nobody can pay there.
_LOST = {Wire.HANG, Wire.RESET, Wire.ERROR, Wire.MALFORMED, Wire.HTML}


def _found(name: str) -> Fault:
    """The fault of that name; raises KeyError."""
    fault = faults.named(name)
    return replace(fault, outcome=Outcome.NEVER) if fault.wire in _LOST else fault


class Cards:
    """One merchant. The payer decides without opening the page, as the amount says."""

    def __init__(self, settings: Settings) -> None:
        file = settings.state_dir / "cards.jsonl" if settings.state_dir else None
        self.book = CardBook(file)
        self.stage = Stage(
            book=self.book,
            speed=settings.speed,
            callback=self._callback,
            receipt=lambda: codes.digits(12),
            find=_found,
            webhook_url=settings.cards_notification_url,
        )
        self._settings = settings
        self._merchant, self._currency = settings.cards_merchant_id, settings.cards_currency
        self._spoiler = Spoiler(words=answers.WORDS, storm=answers.storm, tokens=Tokens())

    def app(self) -> FastAPI:
        """The application, without documentation pages: it stands in for somebody else's."""
        app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
        app.add_exception_handler(Refused, answer_refused)
        merchant = "/api/rest/version/{version}/merchant/{merchant}"
        one = f"{merchant}/order/{{key}}"
        app.add_route(f"{merchant}/session", self.create, methods=["POST"])
        app.add_route(one, self.show, methods=["GET"])
        app.add_route(f"{one}/transaction/{{part}}", self.show_part, methods=["GET"])
        app.add_route(f"{one}/transaction/{{part}}", self.refund, methods=["PUT"])
        Page(self.book, self.stage).mount(app)
        return app

    async def create(self, request: Request) -> Response:
        """A session; another one of the same order takes the place of the first."""
        self._authorise(request)
        order = await orders.checkout(request, self._currency)
        before = self.book.of_order(order.id)
        own = faults.PAID if before else faults.of_amount(order.amount)
        fault = self.stage.director.collect(order.id, own)
        note(request, fault=fault.name, reference=order.id)
        if any(one.outcome is Outcome.PAID for one in before):
            fault = faults.named("pending_for_ever")
        payment = self._payment(order, fault)
        if fault.acts:
            for one in before:
                if one.outcome is None:
                    self.stage.withdraw(one, Outcome.EXPIRED)
            await self.stage.accept(payment, _found(fault.name))
        return self._answer(request, fault.wire, JSONResponse(self._session(payment), 201))

    async def show(self, request: Request) -> Response:
        """An order; there is none before a card was submitted."""
        self._authorise(request)
        key = request.path_params["key"]
        missing = answers.missing("order", key)
        known = self.book.of_order(key)
        if not known:
            return missing
        note(request, reference=key)
        asks, wire = self.stage.question(known[0])
        stale = asks is Asks.STALE
        unseen = all(one.outcome in answers.UNSEEN for one in known) and not stale
        if asks is Asks.UNSEEN or unseen:
            return self._answer(request, wire, missing)
        told = answers.order(self._merchant, known, self.book.refunds_of(key), stale=stale)
        return self._answer(request, wire, JSONResponse(told))

    async def show_part(self, request: Request) -> Response:
        """One transaction of an order."""
        self._authorise(request)
        key, part = request.path_params["key"], request.path_params["part"]
        known = self.book.of_order(key)
        paid = [one for one in known if one.outcome not in answers.UNSEEN]
        parts = {
            str(number): answers.transaction(self._merchant, one, number)
            for number, one in enumerate(paid, 1)
        }
        for given in self.book.refunds_of(key):
            parts[given.key] = answers.refund(self._merchant, known[0], given)
        fault = self.stage.director.ordered("status") or faults.PAID
        told = JSONResponse(parts[part]) if part in parts else answers.missing("transaction", part)
        return self._answer(request, fault.wire, told)

    async def refund(self, request: Request) -> Response:
        """Give back; the first result again under the same id."""
        self._authorise(request)
        key, part = request.path_params["key"], request.path_params["part"]
        minor = await orders.refund(request, self._currency)
        known = self.book.of_order(key)
        if not known:
            return answers.missing("order", key)
        given = self.book.refunds.get((key, part))
        ordered = self.stage.director.ordered("refund") or faults.PAID
        fault = faults.named(ordered.name)
        if given is None and minor > self.book.refundable(key):
            return answers.error(400, "INVALID_REQUEST", "Refund exceeds the captured amount")
        given = given or self._refund(key, part, minor, fault)
        if fault.acts:
            self.book.give_back(given)
        told = JSONResponse(answers.refund(self._merchant, known[0], given), 201)
        return self._answer(request, fault.wire, told)

    def _authorise(self, request: Request) -> None:
        """Raises Refused where password or merchant are not ours."""
        login = f"merchant.{self._merchant}:{self._settings.cards_api_password}"
        wanted = f"Basic {b64encode(login.encode()).decode()}".encode()
        sent = request.headers.get("authorization", "").encode()
        ours = request.path_params["merchant"] == self._merchant
        if not ours or not hmac.compare_digest(sent, wanted):
            raise Refused(answers.credentials())

    def _payment(self, order: orders.Order, fault: Fault) -> Payment:
        created = datetime.now(UTC).isoformat()
        return Payment(
            key=f"SESSION{codes.digits(24)}",
            our_reference=order.id,
            payer="",
            amount_minor=order.amount_minor,
            currency=self._currency,
            callback_url=order.notification_url or self.stage.webhook_url,
            fault=fault.name,
            calls=fault.calls,
            serial=len(self.book.payments),
            names={"order_id": order.id},
            echo={**order.echo, "success": secrets.token_hex(8), "created": created},
        )

    def _refund(self, key: str, part: str, minor: int, fault: Fault) -> Refund:
        done = fault.outcome is Outcome.PAID
        receipt = codes.digits(12) if done else ""
        return Refund(
            key=part, order=key, amount_minor=minor, currency=self._currency, receipt=receipt,
            done=done,
        )  # fmt: skip

    def _session(self, payment: Payment) -> dict[str, object]:
        session = {"id": payment.key, "updateStatus": "SUCCESS", "version": "0bd6923c01"}
        return {
            "merchant": self._merchant,
            "result": "SUCCESS",
            "session": session,
            "successIndicator": payment.echo["success"],
        }

    def _callback(self, payment: Payment, outcome: Outcome) -> Callback | None:
        """The notification of a payment; its authentication is told first."""
        if outcome is Outcome.EXPIRED:
            return None
        said = answers.authentication(self._merchant, payment)
        before = Callback("POST", said, proof=self._proof)
        if outcome is Outcome.NEVER:
            return before
        number = 1 + self.book.of_order(payment.our_reference).index(payment)
        told = answers.transaction(self._merchant, payment, number, outcome)
        return Callback("POST", told, proof=self._proof, first=before)

    def _proof(self, _raw: bytes) -> dict[str, str]:
        """A secret that signs nothing, right unless told otherwise."""
        told = {"X-Notification-Id": secrets.token_hex(16), "X-Notification-Attempt": "1"}
        shown = {
            "right": self._settings.cards_notification_secret,
            "wrong": "0" * 32,
            "none": None,
        }[self.stage.behaviour.notification_proof]
        return told if shown is None else {**told, "X-Notification-Secret": shown}

    def _answer(self, request: Request, wire: Wire, clean: Response) -> Response:
        return self._spoiler.answer(request, wire, clean, self.stage.behaviour)
