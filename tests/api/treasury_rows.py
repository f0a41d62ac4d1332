"""Rows of the authorisation table for balances and the house's floats."""

from typing import Any

from api.keys import PAYOUTS_READ

#: (method, path template) -> (scope, body, status for the owner, for another organisation)
TREASURY_ROWS: dict[tuple[str, str], tuple[str, Any, int, int]] = {
    ("GET", "/v1/balances"): (PAYOUTS_READ, None, 200, 200),
}
