"""The Daraja application."""

import base64
from datetime import UTC, datetime
from secrets import compare_digest

from fastapi import FastAPI, Request, Response
from fastapi.responses import JSONResponse

from simulators import codes, faults
from simulators.book import Payment
from simulators.daraja import answers, counter, oddities, push
from simulators.daraja.book import DarajaBook
from simulators.daraja.business import Business
from simulators.daraja.certificate import Vault
from simulators.daraja.desk import Desk
from simulators.daraja.instructions import now
from simulators.daraja.menu import Menu
from simulators.daraja.organisations import Account, Movement, Organisation
from simulators.door import Refused, answer_refused, note
from simulators.faults import Asks, Fault, Outcome, Wire
from simulators.settings import Settings
from simulators.spoiler import Spoiler
from simulators.stage import Callback, Stage
from simulators.tokens import Tokens


def _callback(payment: Payment, outcome: Outcome) -> Callback:
    return Callback("POST", answers.callback(payment, outcome))


class Daraja:
    """Every short code's calls. An STK push is never idempotent: each one rings the phone."""

    def __init__(self, settings: Settings) -> None:
        kept = settings.state_dir
        self._settings = settings
        self.book = DarajaBook(
            self._house, kept / "daraja.jsonl" if kept else None, paid=self._paid
        )
        self.stage = Stage(
            book=self.book,
            speed=settings.speed,
            callback=_callback,
            receipt=codes.receipt,
            find=oddities.named,
        )
        self.vault = Vault(kept / "daraja_key.pem" if kept else None)
        self._tokens = Tokens()
        self._spoiler = Spoiler(words=answers.WORDS, storm=answers.storm, tokens=self._tokens)
        self._desk = Desk(self.stage, self.book)
        self.menu = Menu(
            stage=self.stage, book=self.book, tokens=self._tokens, spoiler=self._spoiler
        )
        self._business = Business(
            stage=self.stage,
            book=self.book,
            desk=self._desk,
            vault=self.vault,
            tokens=self._tokens,
            spoiler=self._spoiler,
        )

    def app(self) -> FastAPI:
        """The application, without documentation pages: it stands in for somebody else's."""
        app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
        app.add_exception_handler(Refused, answer_refused)
        app.add_exception_handler(404, _no_such_resource)
        app.add_exception_handler(405, _wrong_method)
        app.add_route("/oauth/v1/generate", self.token, methods=["GET"])
        app.add_route("/mpesa/stkpush/v1/processrequest", self.stk_push, methods=["POST"])
        app.add_route("/mpesa/stkpushquery/v1/query", self.stk_query, methods=["POST"])
        self._business.add_to(app)
        self.menu.add_to(app)
        return app

    def resume(self) -> None:
        """Play on instructions and pay bill payments; the stage plays the pushes."""
        self._desk.resume()
        self.menu.resume()

    def credit(self, short_code: str, minor: int, account: Account, reference: str = "") -> None:
        """Money arrives from outside, as a bank sends float. Raises KeyError."""
        organisation = self.book.organisations[short_code]
        self.book.move(
            Movement(
                short_code=organisation.short_code,
                account=account,
                kind="credit",
                amount_minor=minor,
                reference=reference,
                receipt=codes.receipt(),
                party="",
                at=now(),
            )
        )

    def owner(self, short_code: str) -> str | None:
        """The name of a short code; None where there is none."""
        organisation = self.book.organisations.get(short_code)
        return organisation.name if organisation else None

    def turned_back(self, receipt: str) -> tuple[Movement, ...]:
        """What takes a completed payment back: its movement the other way; fees stay paid."""
        if receipt in self.book.reversed:
            return ()
        return tuple(
            _back(movement)
            for organisation in self.book.organisations.values()
            for movement in organisation.movements
            if movement.receipt == receipt and movement.kind in {"payout", "collection", "stk"}
        )

    async def token(self, request: Request) -> Response:
        """A token; `expires_in` is a string, a wrong key is a 400 without a body."""
        app = self._app_of(request.headers.get("authorization", ""))
        if app is None or request.query_params.get("grant_type") != "client_credentials":
            return Response(status_code=400)
        life = self.stage.behaviour.token_lifetime_seconds
        token = self._tokens.issue(counter.ANY_PRODUCT, app, life)
        body = {"access_token": token, "expires_in": str(life - 1)}
        fault = self.stage.director.ordered("token") or faults.PAID
        return self._answer(request, fault.wire, JSONResponse(body))

    async def stk_push(self, request: Request) -> Response:
        """Ring the payer's phone."""
        body = await self._read(request)
        amount = push.check(body)
        url = str(body["CallBackURL"])
        own = (
            oddities.OVER_LONG
            if push.over_long(body)
            else faults.of_number(str(body["PhoneNumber"]))
        )
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
        payment = self.book.payments.get(str(body.get("CheckoutRequestID")))
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
        app = counter.caller(request, self._tokens)
        body = await counter.body(request)
        organisation = counter.owned(self.book, body.get("BusinessShortCode"), app)
        push.check_password(body, organisation)
        return body

    def _app_of(self, authorization: str) -> str | None:
        """The consumer key whose pair this header carries."""
        for one in self.book.organisations.values():
            pair = f"{one.consumer_key}:{one.consumer_secret}"
            basic = f"Basic {base64.b64encode(pair.encode()).decode()}"
            if compare_digest(authorization.encode(), basic.encode()):
                return one.consumer_key
        return None

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
            serial=len(self.book.payments),
            names={"account_reference": reference, "checkout_request_id": key},
            echo={
                "MerchantRequestID": f"{codes.digits(5)}-{codes.digits(8)}-1",
                "BusinessShortCode": str(body["BusinessShortCode"]),
            },
        )

    def _house(self) -> Organisation:
        """The short code that exists from the start."""
        settings = self._settings
        return Organisation(
            short_code=settings.daraja_short_code,
            name="SIM MERCHANT",
            consumer_key=settings.daraja_consumer_key,
            consumer_secret=settings.daraja_consumer_secret,
            passkey=settings.daraja_passkey,
            initiator=settings.daraja_initiator,
            initiator_password=settings.daraja_initiator_password,
            opening={"utility": settings.daraja_opening_minor},
        )

    def _paid(self, payment: Payment) -> None:
        self.menu.pushed(payment)

    def _answer(self, request: Request, wire: Wire, clean: Response) -> Response:
        return self._spoiler.answer(request, wire, clean, self.stage.behaviour)


def _back(movement: Movement) -> Movement:
    return Movement(
        short_code=movement.short_code,
        account=movement.account,
        kind="reversal",
        amount_minor=-movement.amount_minor,
        reference=movement.reference,
        receipt=codes.receipt(),
        party=movement.party,
        at=now(),
    )


async def _no_such_resource(_request: Request, _error: Exception) -> Response:
    return answers.error(404, "404.003.01", "Resource not found")


async def _wrong_method(_request: Request, _error: Exception) -> Response:
    return answers.error(405, "405.001", "Method Not Allowed")
