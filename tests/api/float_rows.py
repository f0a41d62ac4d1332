"""Rows of the authorisation table for float, and the purchase their paths name."""

from typing import Any

from api.keys import FLOAT_READ, FLOAT_WRITE, OPERATOR
from tests.api.float_world import Buyer

_PATH = "/v1/float-purchases"
_BODY = {"amount": 5_000_000, "reference": "f-1", "approver": "usr_nobody"}
_DECIDE = {"decision": "return", "reason": "the bank wrote"}

#: (method, path template) -> (scope, body, status for the owner, for another organisation)
FLOAT_ROWS: dict[tuple[str, str], tuple[str, Any, int, int]] = {
    ("POST", _PATH): (FLOAT_WRITE, _BODY, 400, 400),
    ("GET", _PATH): (FLOAT_READ, None, 200, 200),
    ("GET", f"{_PATH}/{{purchase}}"): (FLOAT_READ, None, 200, 404),
    ("GET", f"{_PATH}/{{purchase}}/timeline"): (FLOAT_READ, None, 200, 404),
    ("POST", f"{_PATH}/{{purchase}}/otp"): (FLOAT_WRITE, {"code": "000000"}, 422, 404),
    ("POST", f"{_PATH}/{{purchase}}/otp/resend"): (FLOAT_WRITE, None, 429, 404),
    ("POST", f"{_PATH}/{{purchase}}/cancel"): (FLOAT_WRITE, None, 200, 404),
    ("POST", "/v1/operator/float-purchases/{purchase}/decide"): (OPERATOR, _DECIDE, 409, 409),
}


async def named_float(world: Any, template: str) -> dict[str, str]:
    """A purchase that waits for its code."""
    if "{purchase}" not in template:
        return {}
    made = await (await Buyer(world).ready()).bought()
    return {"purchase": made["id"]}
