"""The Africa's Talking application: a form in, XML out unless JSON is asked for."""

import hmac
import re
import secrets
from typing import Any
from urllib.parse import parse_qsl
from xml.sax.saxutils import escape

from fastapi import FastAPI, Request, Response
from fastapi.responses import JSONResponse

from simulators import faults
from simulators.book import Payment
from simulators.door import note
from simulators.faults import Outcome, Wire
from simulators.gateway import Account, ending
from simulators.inbox import Inbox, Text
from simulators.settings import Settings
from simulators.spoiler import Spoiler, Words
from simulators.stage import Callback
from simulators.tokens import Tokens

STATUSES = {
    "101": "Sent",
    "401": "RiskHold",
    "402": "InvalidSenderId",
    "403": "InvalidPhoneNumber",
    "404": "UnsupportedNumberType",
    "405": "InsufficientBalance",
    "406": "UserInBlacklist",
    "407": "CouldNotRoute",
    "409": "DoNotDisturbRejection",
    "500": "InternalServerError",
    "501": "GatewayError",
    "502": "RejectedByGateway",
}
_NUMBER = re.compile(r"\+[1-9]\d{8,14}")
_WORDS: Words = {
    Wire.ERROR: lambda _: Response("Internal Server Error", 500),
    Wire.RATE_LIMITED: lambda _: Response("Too Many Requests", 429),
    Wire.SPIKE: lambda _: Response("Service Unavailable", 503),
    Wire.TOKEN_EXPIRED: lambda _: _unauthorised(),
    Wire.MISCONFIGURED: lambda _: _unauthorised(),
}
_REPORTS = {
    Outcome.PAID: {"status": "Success"},
    Outcome.NEVER: {"status": "Sent"},
}
_FAILED = {"status": "Failed", "failureReason": "DeliveryFailure"}


class AfricasTalking:
    """One application. Nothing stops a message sent twice."""

    def __init__(self, settings: Settings, inbox: Inbox) -> None:
        self.account = Account("africastalking", inbox, settings, callback=report)
        self._settings = settings
        self._spoiler = Spoiler(words=_WORDS, storm=unavailable, tokens=Tokens())

    def app(self) -> FastAPI:
        """The application."""
        app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
        app.add_route("/version1/messaging", self.send, methods=["POST"])
        return app

    async def send(self, request: Request) -> Response:
        """Take one message for one number."""
        key = request.headers.get("apiKey", "").encode()
        if not hmac.compare_digest(key, self._settings.africastalking_api_key.encode()):
            return _unauthorised()
        form = dict(parse_qsl((await request.body()).decode("utf-8", "replace")))
        if form.get("username") != self._settings.africastalking_username:
            return _unauthorised()
        if not form.get("to") or not form.get("message"):
            return Response("Request is missing required form field", 400)
        fault = self.account.stage.director.collect(form["to"], faults.PAID)
        note(request, fault=fault.name)
        if not fault.acts:
            return self._answer(request, fault.wire, Response(status_code=500))
        return self._answer(request, fault.wire, await self._taken(request, form, fault))

    async def _taken(self, request: Request, form: dict[str, str], fault: faults.Fault) -> Response:
        sender = form.get("from", "AFRICASTKNG")
        if sender not in {*self.account.senders, "AFRICASTKNG"}:
            return _said(request, "InvalidSenderId", [])
        code = self._code(form["to"])
        named = "None"
        if code == "101":
            named = f"ATXid_{secrets.token_hex(16)}"
            text = Text(
                via="africastalking",
                to=form["to"].removeprefix("+"),
                sender=sender,
                text=form["message"],
                reference=named,
            )
            await self.account.send(text, fault, key=named)
        recipient = {
            "statusCode": int(code),
            "number": form["to"],
            "status": "Success" if code == "101" else STATUSES[code],
            "cost": "KES 0.8000" if code == "101" else "0",
            "messageId": named,
        }
        sent = int(code == "101")
        return _said(request, f"Sent to {sent}/1 Total Cost: KES {0.8 * sent:.4f}", [recipient])

    def _code(self, to: str) -> str:
        if not _NUMBER.fullmatch(to):
            return "403"
        if self.account.balance <= 0:
            return "405"
        return ending(to.removeprefix("+"), set(STATUSES) - {"101"}) or "101"

    def _answer(self, request: Request, wire: Wire, clean: Response) -> Response:
        return self._spoiler.answer(request, wire, clean, self.account.stage.behaviour)


def report(payment: Payment, outcome: Outcome) -> Callback:
    """The delivery report, posted as a form and signed by nobody."""
    said = {
        "id": payment.key,
        "phoneNumber": f"+{payment.payer}",
        "networkCode": "63902",
        "retryCount": "0",
        **_REPORTS.get(outcome, _FAILED),
    }
    return Callback("POST", said, form=True)


def unavailable(status: int = 503) -> Response:
    """The platform is down."""
    return Response("Service Unavailable", status, media_type="text/plain")


def _unauthorised() -> Response:
    return Response("The supplied authentication is invalid", 401, media_type="text/plain")


def _said(request: Request, message: str, recipients: list[dict[str, Any]]) -> Response:
    if "application/json" in request.headers.get("accept", ""):
        body = {"SMSMessageData": {"Message": message, "Recipients": recipients}}
        return JSONResponse(body, 201)
    return Response(_xml(message, recipients), 201, media_type="application/xml")


def _xml(message: str, recipients: list[dict[str, Any]]) -> str:
    each = "".join(
        "<Recipient>"
        + "".join(f"<{name}>{escape(str(value))}</{name}>" for name, value in one.items())
        + "</Recipient>"
        for one in recipients
    )
    said = f"<Message>{escape(message)}</Message><Recipients>{each}</Recipients>"
    return (
        f"<AfricasTalkingResponse><SMSMessageData>{said}</SMSMessageData></AfricasTalkingResponse>"
    )
