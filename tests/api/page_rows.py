"""The payer's rows of the authorisation table: pages opened by their path alone."""

from typing import Any
from urllib.parse import urlsplit

from api.keys import LINKS_WRITE
from models import ids

PAYER = "payer"
LINK = {"currency": "KES", "reference": "stall"}
PROFILE = {"name": "Duka", "complaint_phone": "0711 000 111"}
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
    ("GET", "/l/{link_page}"): (PAYER, None, 200, 200),
    ("POST", "/l/{link_page}"): (PAYER, None, 409, 409),
    ("POST", "/v1/payment_links"): (LINKS_WRITE, LINK, 201, 201),
    ("GET", "/v1/payment_links"): (LINKS_WRITE, None, 200, 200),
    ("GET", "/v1/payment_links/{payment_link}"): (LINKS_WRITE, None, 200, 404),
    ("GET", "/v1/payment_links/{payment_link}/qr"): (LINKS_WRITE, None, 200, 404),
    ("POST", "/v1/payment_links/{payment_link}/deactivate"): (LINKS_WRITE, None, 200, 404),
    ("GET", "/v1/profile"): (LINKS_WRITE, None, 200, 200),
    ("PUT", "/v1/profile"): (LINKS_WRITE, PROFILE, 200, 200),
    ("GET", "/v1/profile/return_secret"): (LINKS_WRITE, None, 200, 200),
    ("POST", "/v1/profile/return_secret"): (LINKS_WRITE, None, 200, 200),
}


async def named_page(world: Any, template: str, checkout: dict[str, Any]) -> dict[str, str]:
    """What stands in the braces of a page's path, or of a link's."""
    named = {"session": tail(checkout["url"])}
    if "link_page" in template or "payment_link}" in template:
        headers = {"idempotency-key": ids.mint("idem")}
        made = await world.http.post("/v1/payment_links", json=LINK, headers=headers)
        named |= {"link_page": tail(made.json()["url"]), "payment_link": made.json()["id"]}
    return named


def tail(url: str) -> str:
    """The last part of an address."""
    return urlsplit(url).path.rpartition("/")[2]
