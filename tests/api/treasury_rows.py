"""Rows of the authorisation table for balances and the house's floats."""

from typing import Any

from api.keys import PAYOUTS_READ, TREASURY
from models import ids
from models.floats import FLOAT
from models.ids import PLATFORM_ORG

HOUSE, MOVES = "/v1/treasury", "/v1/treasury/moves"
MOVE = {
    "origin": {"kind": "bank", "bank": "ncba", "account": "7744510018"},
    "destination": {"kind": "wallet", "provider": "wave"},
    "amount": 5_000_000,
    "currency": "KES",
    "reason": "float for Monday",
}
RULE = {
    "rail": "wave",
    "zone": "Africa/Abidjan",
    "days": 1,
    "valid_from": "2026-01-01T00:00:00Z",
}
DAY = {"calendar": "SN", "on": "2027-04-04", "name": "Independence Day"}
RESERVE = {"basis_points": 500, "days": 30}
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
    ("GET", f"{HOUSE}/floats"): (TREASURY, None, 200, 200),
    ("PUT", f"{HOUSE}/floats/{{lane}}"): (TREASURY, {"open": True}, 404, 404),
    ("GET", f"{HOUSE}/coverage"): (TREASURY, None, 200, 200),
    ("POST", f"{HOUSE}/settlement_rules"): (TREASURY, RULE, 201, 201),
    ("POST", f"{HOUSE}/holidays"): (TREASURY, DAY, 201, 201),
    ("PUT", f"{HOUSE}/reserves/{{organisation}}"): (TREASURY, RESERVE, 200, 200),
    ("PUT", f"{HOUSE}/cooling_off/{{organisation}}"): (TREASURY, {"hours": 24}, 200, 200),
}


def named_treasury(world: Any, template: str) -> dict[str, str]:
    """A move and a float there are not: whoever may look is told so."""
    if not template.startswith(HOUSE):
        return {}
    return {
        "move": ids.mint(ids.CLEARING),
        "lane": ids.mint(FLOAT),
        "organisation": ids.shown(ids.ORG, world.org),
    }


def treasurer(world: Any, principal: str = "tess", *, livemode: bool = False) -> Any:
    """A client of one of the house's treasurers."""
    key = world.make_key(PLATFORM_ORG, scopes=(TREASURY,), principal=principal, livemode=livemode)
    return world.client(key)
