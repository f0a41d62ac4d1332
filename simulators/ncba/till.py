"""The collection till: a prompt on the payer's phone, a QR code, a question."""

import base64
import re
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.responses import JSONResponse

from simulators import codes
from simulators.book import Payment
from simulators.door import Refused, note
from simulators.faults import PAID, Asks, Fault, Outcome, Wire, of_number
from simulators.ncba import orders
from simulators.ncba.desk import Desk
from simulators.settings import Settings
from simulators.spoiler import Spoiler
from simulators.tokens import Tokens

_PRODUCT = "till"
_BASE = "/payments/api/v1"
_TOKEN_LIFE = 18_000
_PHONE = re.compile(r"254[17]\d{8}")
_WHOLE = re.compile(r"[1-9]\d{0,8}")
_PIXEL = "R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7"


class Till:
    """What a prompt collects is credited to the account before the `#` of AccountNo.

    The bank tells of it by its notice alone; the question knows neither amount nor receipt.
    """

    def __init__(self, settings: Settings, desk: Desk, tokens: Tokens, spoiler: Spoiler) -> None:
        pair = f"{settings.ncba_till_user}:{settings.ncba_till_password}"
        self._basic = f"Basic {base64.b64encode(pair.encode()).decode()}"
        self._user, self._default = settings.ncba_till_user, settings.ncba_account
        self._desk, self._tokens, self._spoiler = desk, tokens, spoiler

    def add_to(self, app: FastAPI) -> None:
        """Add the routes; the token is asked for by GET or POST."""
        app.add_route(f"{_BASE}/auth/token", self.token, methods=["GET", "POST"])
        app.add_route(f"{_BASE}/stk-push/initiate", self.prompt, methods=["POST"])
        app.add_route(f"{_BASE}/stk-push/query", self.query, methods=["POST"])
        app.add_route(f"{_BASE}/qr/generate", self.qr, methods=["POST"])

    async def token(self, request: Request) -> Response:
        """A token for five hours."""
        if request.headers.get("authorization") != self._basic:
            return JSONResponse({"message": "Invalid API credentials", "status": "401"}, 401)
        token = self._tokens.issue(_PRODUCT, self._user, _TOKEN_LIFE)
        said = {"access_token": token, "token_type": "Bearer", "expires_in": _TOKEN_LIFE}
        return JSONResponse({**said, "status": 200})

    async def prompt(self, request: Request) -> Response:
        """Ring the payer's phone; HTTP 200 for a refusal too."""
        sent = await self._read(request)
        phone, amount = str(sent.get("TelephoneNo")), str(sent.get("Amount"))
        reference = str(sent.get("AccountNo"))
        fault = self._desk.stage.director.collect(reference, of_number(phone))
        note(request, fault=fault.name, reference=reference)
        if not fault.acts or not _PHONE.fullmatch(phone) or not _WHOLE.fullmatch(amount):
            return self._answer(request, fault.wire, _refused("Invalid request"))
        payment = self._payment(phone, int(amount) * 100, reference, fault)
        await self._desk.stage.accept(payment, fault)
        return self._answer(request, fault.wire, _queued(payment))

    async def query(self, request: Request) -> Response:
        """SUCCESS or FAILED; FAILED as well while the payer has not decided."""
        sent = await self._read(request)
        payment = self._desk.book.payments.get(str(sent.get("TransactionID")))
        if payment is None or payment.echo["rail"] != "till":
            return JSONResponse({"status": "FAILED", "description": "Transaction not found."})
        asks, wire = self._desk.stage.question(payment)
        shown = asks not in {Asks.STALE, Asks.UNSEEN} and payment.outcome is Outcome.PAID
        words = ("SUCCESS", "Success") if shown else ("FAILED", "System internal error.")
        clean = JSONResponse({"status": words[0], "description": words[1]})
        return self._answer(request, wire, clean)

    async def qr(self, request: Request) -> Response:
        """A picture; of one pixel."""
        sent = await self._read(request)
        if not sent.get("till"):
            return JSONResponse({"StatusCode": "2", "StatusDescription": "Invalid till"})
        picture = f"data:image/gif;base64,{_PIXEL}"
        said = {"StatusCode": "0", "StatusDescription": "Success", "Base64QrCode": picture}
        return self._answer(request, PAID.wire, JSONResponse(said))

    async def _read(self, request: Request) -> dict[str, Any]:
        if self._tokens.user(request.headers.get("authorization", ""), _PRODUCT) is None:
            refused = {"message": "Invalid API credentials", "status": "401"}
            raise Refused(JSONResponse(refused, 401))
        return await orders.body(request)

    def _payment(self, phone: str, minor: int, reference: str, fault: Fault) -> Payment:
        account, _, narrative = reference.partition("#")
        to = account if account in self._desk.book.balances else self._default
        return Payment(
            key=codes.digits(16),
            our_reference=reference,
            payer=phone,
            amount_minor=minor,
            currency="KES",
            callback_url="",
            fault=fault.name,
            calls=fault.calls,
            serial=len(self._desk.book.payments),
            names={"rail": "till", "to": to},
            echo={"rail": "till", "to": to, "narrative": narrative or account},
        )

    def _answer(self, request: Request, wire: Wire, clean: Response) -> Response:
        return self._spoiler.answer(request, wire, clean, self._desk.stage.behaviour)


def _queued(payment: Payment) -> Response:
    return JSONResponse(
        {
            "TransactionID": payment.key,
            "StatusCode": "0",
            "StatusDescription": "Success. Request accepted for processing",
            "ReferenceID": codes.digits(12),
        }
    )


def _refused(words: str) -> Response:
    return JSONResponse(
        {"TransactionID": None, "StatusCode": "1", "StatusDescription": words, "ReferenceID": None}
    )
