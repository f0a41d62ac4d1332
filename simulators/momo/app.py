"""The MTN MoMo application."""

import base64
import binascii
from collections.abc import Mapping

from fastapi import FastAPI, Request, Response
from fastapi.responses import JSONResponse

from simulators import codes, faults
from simulators.book import Payment
from simulators.door import Refused, answer_refused, note
from simulators.faults import Asks, Fault, Outcome, Wire
from simulators.momo import answers, orders, sandbox
from simulators.momo.holders import Holders
from simulators.momo.transfers import Transfers
from simulators.momo.users import Users
from simulators.settings import Settings
from simulators.spoiler import Spoiler
from simulators.stage import Callback, Stage
from simulators.tokens import Tokens
from simulators.wallet_book import WalletBook


def _find(name: str) -> Fault:
    return sandbox.named(name) or faults.named(name)


class Momo:
    """Routes of one wallet. A request to pay is named by X-Reference-Id: a repeat is 409."""

    def __init__(self, settings: Settings) -> None:
        file = settings.state_dir / "momo.jsonl" if settings.state_dir else None
        self.book = WalletBook("momo", file, opening_minor=settings.momo_opening_minor)
        self.stage = Stage(
            book=self.book,
            speed=settings.speed,
            callback=self._callback,
            receipt=lambda: codes.digits(10),
            find=_find,
        )
        self._settings = settings
        self._users = Users(settings)
        self._tokens = Tokens()
        self._spoiler = Spoiler(words=answers.WORDS, storm=answers.storm, tokens=self._tokens)
        self._holders = Holders(self._authorise, self._account)
        self._transfers = Transfers(
            settings,
            self.stage,
            self.book,
            self._spoiler,
            users=self._users,
            authorise=self._authorise,
        )

    def app(self) -> FastAPI:
        """The application, without documentation pages: it stands in for somebody else's."""
        app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
        app.add_exception_handler(Refused, answer_refused)
        app.add_route("/v1_0/apiuser", self._users.create, methods=["POST"])
        app.add_route("/v1_0/apiuser/{user}", self._users.show, methods=["GET"])
        app.add_route("/v1_0/apiuser/{user}/apikey", self._users.new_key, methods=["POST"])
        app.add_route("/collection/token/", self.token, methods=["POST"])
        app.add_route("/disbursement/token/", self.token, methods=["POST"])
        app.add_route("/collection/v1_0/requesttopay", self.request_to_pay, methods=["POST"])
        app.add_route("/collection/v1_0/requesttopay/{key}", self.status, methods=["GET"])
        app.add_route("/collection/v1_0/account/balance", self.balance, methods=["GET"])
        self._holders.mount(app)
        self._transfers.mount(app)
        return app

    def resume(self) -> None:
        """Play on transfers that were under way."""
        self._transfers.resume()

    async def token(self, request: Request) -> Response:
        """A token of one product, against `apiUser:apiKey`."""
        product = request.url.path.rsplit("/", 3)[1]
        self._users.check_subscription(request, product)
        user, key = _basic(request.headers.get("authorization", ""))
        if not key or self._users.key_of(user) != key:
            return JSONResponse({"error": "login_failed"}, 401)
        life = self.stage.behaviour.token_lifetime_seconds
        token = self._tokens.issue(product, user, life)
        body = {"access_token": token, "token_type": "access_token", "expires_in": life}
        fault = self.stage.director.ordered("token") or faults.PAID
        return self._answer(request, fault.wire, JSONResponse(body))

    async def request_to_pay(self, request: Request) -> Response:
        """Ring the payer's phone: 202 with an empty body."""
        user = self._authorise(request)
        order = await self._order(request, user)
        at_once = sandbox.REFUSED_AT_ONCE.get(order.party)
        if at_once:
            return answers.error(500, at_once)
        own = sandbox.of_number(order.party) or faults.of_number(order.party)
        fault = self.stage.director.collect(order.reference, own)
        note(request, fault=fault.name, reference=order.reference)
        if fault.acts:
            await self.stage.accept(self._payment(order, fault), fault)
        return self._answer(request, fault.wire, Response(status_code=202))

    async def status(self, request: Request) -> Response:
        """What became of a request to pay."""
        self._authorise(request)
        payment = self.stage.book.payments.get(request.path_params["key"].lower())
        if payment is None:
            return answers.error(404, "RESOURCE_NOT_FOUND")
        note(request, reference=payment.key)
        asks, wire = self.stage.question(payment)
        if asks is Asks.UNSEEN:
            return answers.error(404, "RESOURCE_NOT_FOUND")
        shown = None if asks is Asks.STALE else payment.outcome
        clean = JSONResponse(answers.body(payment, shown, self.stage.behaviour))
        return self._answer(request, wire, clean)

    async def balance(self, request: Request) -> Response:
        """What was collected, a string."""
        self._authorise(request)
        currency = self._settings.momo_wallet_currency
        text = answers.written(self.stage.book.total(currency), currency)
        return self._account(request, {"availableBalance": text, "currency": currency})

    async def _order(self, request: Request, user: str) -> orders.Order:
        reference = orders.reference(request)
        if reference in self.stage.book.payments:
            raise Refused(answers.error(409, "RESOURCE_ALREADY_EXIST"))
        currency = self._settings.momo_wallet_currency
        host = self._users.host_of(user)
        return await orders.read(
            request, reference=reference, currency=currency, host=host, party="payer"
        )

    def _payment(self, order: orders.Order, fault: Fault) -> Payment:
        return Payment(
            key=order.reference,
            our_reference=order.reference,
            payer=order.party,
            amount_minor=order.amount_minor,
            currency=order.currency,
            callback_url=order.callback_url,
            fault=fault.name,
            calls=fault.calls,
            serial=len(self.stage.book.payments),
            names={"reference_id": order.reference, "external_id": order.echo["externalId"]},
            echo=order.echo,
        )

    def _callback(self, payment: Payment, outcome: Outcome) -> Callback:
        behaviour = self.stage.behaviour
        method = behaviour.callback_method
        if method == "alternate":
            method = "POST" if payment.serial % 2 else "PUT"
        return Callback(method, answers.body(payment, outcome, behaviour))

    def _authorise(self, request: Request) -> str:
        """The API user of a call whose key, token and environment are right; raises Refused."""
        product = request.scope["path"].removeprefix(request.scope["root_path"]).split("/")[1]
        self._users.check_subscription(request, product)
        user = self._tokens.user(request.headers.get("authorization", ""), product)
        if user is None:
            raise Refused(answers.unauthorized())
        sent = request.headers.get("x-target-environment")
        if sent != self._settings.momo_target_environment:
            raise Refused(answers.error(500, "NOT_ALLOWED_TARGET_ENVIRONMENT"))
        return user

    def _account(self, request: Request, body: Mapping[str, object]) -> Response:
        fault = self.stage.director.ordered("account") or faults.PAID
        return self._answer(request, fault.wire, JSONResponse(dict(body)))

    def _answer(self, request: Request, wire: Wire, clean: Response) -> Response:
        return self._spoiler.answer(request, wire, clean, self.stage.behaviour)


def _basic(authorization: str) -> tuple[str, str]:
    """User and password of a Basic header; empty where it is not one."""
    try:
        user, _, key = (
            base64.b64decode(authorization.removeprefix("Basic ")).decode().partition(":")
        )
    except (binascii.Error, UnicodeDecodeError):
        return "", ""
    return user, key
