"""The AirTouch application: one address, GET or POST, always HTTP 200."""

import hashlib
import hmac
import json
import re
from collections.abc import Mapping

from fastapi import FastAPI, Request, Response
from fastapi.responses import JSONResponse

from simulators import codes, faults
from simulators.book import Payment
from simulators.door import note
from simulators.faults import Outcome, Wire
from simulators.gateway import Account, ending
from simulators.inbox import Inbox, Text
from simulators.settings import Settings
from simulators.spoiler import Spoiler, Words
from simulators.stage import Callback
from simulators.tokens import Tokens

CODES = {
    "1000": "SUCCESS",
    "1001": "INCORRECT SENDER NAME",
    "1003": "INVALID PHONE NUMBER",
    "1004": "YOUR SMS BALANCE IS DEPLETED",
    "1006": "INVALID CREDENTIALS",
    "1011": "INVALID USER",
}
_NUMBER = re.compile(r"254[17]\d{8}")
_WORDS: Words = {
    Wire.ERROR: lambda _: Response("Internal Server Error", 500),
    Wire.RATE_LIMITED: lambda _: Response("Too Many Requests", 429),
    Wire.SPIKE: lambda _: Response("Service Unavailable", 503),
    Wire.TOKEN_EXPIRED: lambda _: _said("1006"),
    Wire.MISCONFIGURED: lambda _: _said("1006"),
}


class AirTouch:
    """One account. `sms_id` is echoed by nothing and stops no duplicate."""

    def __init__(self, settings: Settings, inbox: Inbox) -> None:
        self.account = Account("airtouch", inbox, settings, callback=_no_reports)
        self._settings = settings
        self._spoiler = Spoiler(words=_WORDS, storm=unavailable, tokens=Tokens())

    def app(self) -> FastAPI:
        """The application."""
        app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
        app.add_route("/sms/api/", self.send, methods=["GET", "POST"])
        return app

    async def send(self, request: Request) -> Response:
        """Take one message."""
        asked = await _asked(request)
        code, to = self._code(asked), asked.get("msisdn", "")
        fault = self.account.stage.director.collect(asked.get("sms_id", ""), faults.PAID)
        note(request, fault=fault.name, reference=asked.get("sms_id", ""))
        if code != "1000" or not fault.acts:
            return self._answer(request, fault.wire, _said(code, to=to))
        key = codes.digits(9)
        text = Text(
            via="airtouch",
            to=to,
            sender=asked["issn"],
            text=asked["text"],
            reference=asked.get("sms_id", ""),
        )
        await self.account.send(text, fault, key=key)
        return self._answer(request, fault.wire, _said("1000", to=to, key=key))

    def _code(self, asked: Mapping[str, str]) -> str:
        """The first thing that is wrong, as AirTouch counts."""
        key = self._settings.airtouch_api_key.encode()
        md5 = hashlib.md5(key, usedforsecurity=False).hexdigest()
        known = asked.get("username") == self._settings.airtouch_username
        checks = (
            ("1011", known),
            ("1006", hmac.compare_digest(asked.get("password", "").encode(), md5.encode())),
            ("1001", asked.get("issn") in self.account.senders),
            ("1003", bool(_NUMBER.fullmatch(asked.get("msisdn", "")) and asked.get("text"))),
            ("1004", self.account.balance > 0),
        )
        wrong = next((code for code, right in checks if not right), None)
        return wrong or ending(asked["msisdn"], set(CODES) - {"1000"}) or "1000"

    def _answer(self, request: Request, wire: Wire, clean: Response) -> Response:
        return self._spoiler.answer(request, wire, clean, self.account.stage.behaviour)


def unavailable(status: int = 503) -> Response:
    """The platform is down: words, not JSON."""
    return Response("Service Unavailable", status, media_type="text/plain")


async def _asked(request: Request) -> dict[str, str]:
    """The query, or the JSON of a POST with the same names."""
    if request.method == "GET":
        return dict(request.query_params)
    try:
        said = json.loads(await request.body())
    except ValueError:
        return {}
    return {str(name): str(value) for name, value in said.items()} if isinstance(said, dict) else {}


def _said(code: str, *, to: str = "", key: str = "") -> Response:
    body = {"message_id": key, "mobile_number": to, "status_code": code, "status_desc": CODES[code]}
    return JSONResponse(body)


def _no_reports(_payment: Payment, _outcome: Outcome) -> Callback:
    """AirTouch reports nothing; without an address nothing is sent."""
    return Callback("POST", {})
