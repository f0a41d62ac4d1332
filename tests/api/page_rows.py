"""The payer's rows of the authorisation table: pages opened by their path alone."""

from typing import Any
from urllib.parse import urlsplit

PAYER = "payer"
PAY = "/pay/{session}"

#: (method, path template) -> (who, body, status without a form of ours, the same)
PAGE_ROWS: dict[tuple[str, str], tuple[str, Any, int, int]] = {
    ("GET", PAY): (PAYER, None, 200, 200),
    ("POST", PAY): (PAYER, None, 409, 409),
    ("POST", f"{PAY}/cancel"): (PAYER, None, 409, 409),
    ("POST", f"{PAY}/operator"): (PAYER, None, 409, 409),
    ("GET", f"{PAY}/status"): (PAYER, None, 200, 200),
    ("GET", f"{PAY}/stream"): (PAYER, None, 200, 200),
    ("GET", f"{PAY}/receipt"): (PAYER, None, 404, 404),
    ("GET", "/assets/{asset}"): (PAYER, None, 404, 404),
}


def named_page(checkout: dict[str, Any]) -> dict[str, str]:
    """What stands in the braces of a page's path."""
    return {"session": urlsplit(checkout["url"]).path.rpartition("/")[2]}
