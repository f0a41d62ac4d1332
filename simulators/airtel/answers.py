"""What Airtel says, in the shapes Airtel says it: HTTP 200 good or bad."""

import base64
import hmac
import json
from typing import Any

from fastapi import Response
from fastapi.responses import JSONResponse

from simulators.book import EXPONENTS, Payment
from simulators.faults import Outcome, Wire
from simulators.settings import Behaviour
from simulators.spoiler import Words

#: `transaction.status` and code of a collection that ended.
COLLECTED: dict[Outcome, tuple[str, str]] = {
    Outcome.PAID: ("TS", "DP00800001001"),
    Outcome.DECLINED: ("TF", "DP00800001008"),
    Outcome.CANCELLED: ("TF", "DP00800001009"),
    Outcome.INSUFFICIENT_FUNDS: ("TF", "DP00800001007"),
    Outcome.WRONG_PIN: ("TF", "DP00800001002"),
    Outcome.EXPIRED: ("TE", "DP00800001029"),
    Outcome.UNREACHABLE: ("TF", "DP00800001005"),
    Outcome.NOT_FOUND: ("TF", "DP00800001010"),
    Outcome.LIMIT_REACHED: ("TF", "DP00800001003"),
}
#: The same of a disbursement.
DISBURSED: dict[Outcome, tuple[str, str]] = {
    Outcome.PAID: ("TS", "DP00900001001"),
    Outcome.INSUFFICIENT_FUNDS: ("TF", "DP00900001007"),
    Outcome.NOT_FOUND: ("TF", "DP00900001012"),
    Outcome.LIMIT_REACHED: ("TF", "DP00900001003"),
}
_SAYS = {
    "1000": "Transaction ambiguous", "1001": "Transaction Success", "1002": "Incorrect Pin",
    "1003": "Exceeds withdrawal amount limit(s)", "1004": "Invalid Amount",
    "1005": "User didn't enter the pin", "1006": "Transaction in pending state",
    "1007": "Not enough balance", "1008": "Refused", "1009": "Do not honor",
    "1010": "Transaction not permitted to Payee", "1024": "Transaction Timed Out",
    "1025": "Transaction Not Found", "1029": "Transaction Expired",
}  # fmt: skip


def envelope(
    code: str, data: dict[str, Any] | None = None, *, success: bool = True, older: str = ""
) -> Response:
    """A business answer; `older` is the code of former days."""
    said = "Success." if code.endswith("1006") else _SAYS.get(code[-4:], "Failed")
    status = {
        "response_code": code,
        "code": "200",
        "success": success,
        "result_code": older or ("ESB000010" if success else "ESB000001"),
        "message": said,
    }
    return JSONResponse({"data": data or {}, "status": status})


def router(code: str, message: str, status: int = 400) -> Response:
    """A refusal of the gateway: another shape."""
    return JSONResponse({"status_message": message, "status_code": code}, status)


def bad_client() -> Response:
    """Nobody we know."""
    said = {"error_description": "Invalid client authentication", "error": "invalid_client"}
    return JSONResponse(said, 401)


def bad_token() -> Response:
    """The token is dead, or never lived: 403, not 401."""
    said = "The access token is invalid or has expired"
    return JSONResponse({"error_description": said, "error": "invalid_token"}, 403)


def unavailable() -> Response:
    """The platform is down."""
    return JSONResponse({"status_message": "Service Unavailable", "status_code": "ROUTER003"}, 503)


def busy(behaviour: Behaviour | None = None) -> Response:
    """Too many requests: refused before acting."""
    pause = behaviour.retry_after_seconds if behaviour else 1
    said = {"status_message": "Too many requests", "status_code": "ROUTER429"}
    return JSONResponse(said, 429, headers={"Retry-After": str(pause)})


def storm(status: int) -> Response:
    """One of a storm of 5xx."""
    return JSONResponse({"status_message": "Internal error", "status_code": "ROUTER500"}, status)


WORDS: Words = {
    Wire.ERROR: lambda _: envelope("DP00800001000", success=False),
    Wire.RATE_LIMITED: busy,
    Wire.SPIKE: busy,
    Wire.TOKEN_EXPIRED: lambda _: bad_token(),
    Wire.MISCONFIGURED: lambda _: router("ROUTER110", "Partner is not allowed"),
}


def written(minor: int, currency: str) -> str:
    """An amount as the balance writes it."""
    exponent = EXPONENTS.get(currency, 0)
    whole, rest = divmod(minor, 10**exponent)
    return f"{whole}.{rest:0{exponent or 2}d}"


def collection(payment: Payment, outcome: Outcome | None) -> Response:
    """What became of a push."""
    if outcome is None or outcome is Outcome.NEVER:
        state, code = "TIP", "DP00800001006"
    else:
        state, code = COLLECTED.get(outcome, ("TA", "DP00800001000"))
    transaction = {
        "airtel_money_id": payment.receipt or None,
        "id": payment.key,
        "message": _SAYS.get(code[-4:], ""),
        "status": state,
    }
    return envelope(code, {"transaction": transaction}, success=state == "TS")


def callback(payment: Payment, outcome: Outcome) -> dict[str, Any]:
    """What a callback claims; its text holds an amount and an id of its own."""
    state = "TIP" if outcome is Outcome.NEVER else COLLECTED.get(outcome, ("TF", ""))[0]
    paid = outcome is Outcome.PAID
    receipt = payment.echo["text_id"]
    amount = f"{payment.currency} {payment.taken_minor or payment.amount_minor:,}"
    text = f"Paid {amount} to KAURI. Trans ID {receipt}." if paid else "Failed."
    return {
        "transaction": {
            "id": payment.key,
            "message": text,
            "status_code": state,
            "airtel_money_id": receipt if paid else None,
        }
    }


def hashed(key: str, payload: bytes) -> str:
    """Base64 of HMAC-SHA256."""
    return base64.b64encode(hmac.digest(key.encode(), payload, "sha256")).decode()


def proven(body: dict[str, Any], key: str, where: str) -> dict[str, Any]:
    """The callback with its hash in the body, right or wrong; as it is for a header or none."""
    if where not in {"body", "wrong"}:
        return body
    compact = json.dumps(body, separators=(",", ":"), ensure_ascii=False).encode()
    return {**body, "hash": hashed(key if where == "body" else "somebody else's", compact)}
