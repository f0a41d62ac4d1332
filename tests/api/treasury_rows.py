"""Rows of the authorisation table for balances and the house's floats."""

from typing import Any

from api.keys import PAYOUTS_READ, TREASURY
from models import ids
from models.ids import PLATFORM_ORG

MOVES = "/v1/treasury/moves"
MOVE = {
    "origin": {"kind": "bank", "bank": "ncba", "account": "7744510018"},
    "destination": {"kind": "wallet", "provider": "wave"},
    "amount": 5_000_000,
    "currency": "KES",
    "reason": "float for Monday",
}
WORD, SEEN = {"reason": "as agreed"}, {"evidence": "the portal shows it"}

#: (method, path template) -> (scope, body, status for the owner, for another organisation)
TREASURY_ROWS: dict[tuple[str, str], tuple[str, Any, int, int]] = {
    ("GET", "/v1/balances"): (PAYOUTS_READ, None, 200, 200),
    ("POST", MOVES): (TREASURY, MOVE, 409, 409),
    ("GET", MOVES): (TREASURY, None, 200, 200),
    ("GET", f"{MOVES}/{{move}}"): (TREASURY, None, 404, 404),
    ("GET", f"{MOVES}/{{move}}/timeline"): (TREASURY, None, 404, 404),
    ("POST", f"{MOVES}/{{move}}/approve"): (TREASURY, WORD, 404, 404),
    ("POST", f"{MOVES}/{{move}}/reject"): (TREASURY, WORD, 404, 404),
    ("POST", f"{MOVES}/{{move}}/arrived"): (TREASURY, SEEN, 404, 404),
    ("POST", f"{MOVES}/{{move}}/returned"): (TREASURY, SEEN, 404, 404),
}


def named_treasury(_world: Any, template: str) -> dict[str, str]:
    """A move there is not: whoever may look is told so."""
    return {"move": ids.mint(ids.CLEARING)} if "{move}" in template else {}


def treasurer(world: Any, principal: str = "tess", *, livemode: bool = False) -> Any:
    """A client of one of the house's treasurers."""
    key = world.make_key(PLATFORM_ORG, scopes=(TREASURY,), principal=principal, livemode=livemode)
    return world.client(key)
