"""Rows of the authorisation table: rails and the public status."""

from datetime import UTC, datetime, timedelta
from typing import Any

from api.keys import OPERATOR

_NOW = datetime.now(UTC)
WINDOW = {
    "from": _NOW.isoformat(),
    "to": (_NOW + timedelta(hours=1)).isoformat(),
    "reason": "the provider wrote to us",
}

CORRECTED = {"rail": "airtel", "reason": "the plan is out of date"}
PORTED = {"phone": "+254712345678", **CORRECTED}
RAIL_ROWS: dict[tuple[str, str], tuple[str, Any, int, int]] = {
    ("GET", "/status"): ("public", None, 200, 200),
    ("GET", "/status.json"): ("public", None, 200, 200),
    ("GET", "/v1/operator/rails"): (OPERATOR, None, 200, 200),
    ("POST", "/v1/operator/rails/{provider}/maintenance"): (OPERATOR, WINDOW, 201, 201),
    ("POST", "/v1/operator/rails/maintenance/{window}/cancel"): (OPERATOR, None, 404, 404),
    ("GET", "/v1/operator/number_prefixes"): (OPERATOR, None, 200, 200),
    ("PUT", "/v1/operator/number_prefixes/{prefix}"): (OPERATOR, CORRECTED, 400, 400),
    ("DELETE", "/v1/operator/number_prefixes/{prefix}"): (OPERATOR, None, 404, 404),
    ("PUT", "/v1/operator/ported_numbers"): (OPERATOR, PORTED, 200, 200),
}
