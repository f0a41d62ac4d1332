"""Rows of the authorisation table for escrows, and the escrow their paths name."""

from typing import Any

from api.keys import (
    ESCROWS_READ,
    ESCROWS_WRITE,
    OPERATOR,
)
from tests.api.escrow_world import BODY, PROOF, Keeper

_PATH, _LINK = "/v1/escrows", "/e/{link}"
_ONE = f"{_PATH}/{{escrow}}"
_REASON = {"reason": "it never came"}
_DECIDE = {"release": 0, "refund": 0, **_REASON}

#: (method, path template) -> (scope, body, status for the owner, for another organisation)
ESCROW_ROWS: dict[tuple[str, str], tuple[str, Any, int, int]] = {
    ("POST", _PATH): (ESCROWS_WRITE, {**BODY, "reference": "e-1"}, 201, 201),
    ("GET", _PATH): (ESCROWS_READ, None, 200, 200),
    ("GET", _ONE): (ESCROWS_READ, None, 200, 404),
    ("GET", f"{_ONE}/timeline"): (ESCROWS_READ, None, 200, 404),
    ("GET", f"{_ONE}/parts"): (ESCROWS_READ, None, 200, 404),
    ("POST", f"{_ONE}/release"): (ESCROWS_WRITE, {"proof": PROOF}, 200, 404),
    ("POST", f"{_ONE}/refund"): (ESCROWS_WRITE, _REASON, 409, 404),
    ("POST", f"{_ONE}/dispute"): (ESCROWS_WRITE, _REASON, 200, 404),
    ("POST", f"{_ONE}/decide"): (ESCROWS_WRITE, _DECIDE, 400, 400),
    ("POST", "/v1/operator/escrows/{escrow}/decide"): (OPERATOR, _DECIDE, 409, 409),
    ("GET", _LINK): ("public", None, 200, 200),
    ("GET", f"{_LINK}/page"): ("payer", None, 200, 200),
    ("POST", f"{_LINK}/page"): ("payer", None, 409, 409),
    ("POST", f"{_LINK}/confirm"): ("public", None, 200, 200),
    ("POST", f"{_LINK}/dispute"): ("public", _REASON, 409, 409),
}


async def named_escrow(world: Any, template: str) -> dict[str, str]:
    """A paid escrow and its customer's link; unpaid where a complaint has to be refused."""
    if "{escrow}" not in template and "{link}" not in template:
        return {}
    keeper = Keeper(world)
    refused = template.startswith("/e/") and template.endswith("/dispute")
    escrow = await (keeper.made() if refused else keeper.funded())
    return {"escrow": escrow["id"], "link": escrow["confirm_url"].rpartition("/")[2]}
