"""The partner's rows of the authorisation table, and the objects their paths name."""

from typing import Any

from api.keys import (
    COLLECTIONS_READ,
    COLLECTIONS_WRITE,
    LOANS_READ,
    LOANS_WRITE,
    OPERATOR,
    PARTNER_WRITE,
)
from api.schemas.collections import RING
from models import ids
from tests.api.partner_world import MIFOS, MPESA, STK, USER

_CREDENTIAL, _USER, _PRODUCT = "/v1/credentials", "/v1/authorised_users", "/v1/loan_products"
_COLLECTION, _OPERATOR = "/v1/collections", "/v1/operator/collections/{collection}"
_DECISION = {"word": "leave", "reason": "nobody claims it"}
_REVERSED = {"evidence": "statement of the day", "reason": "M-Pesa took it back"}

#: (method, path template) -> (scope, body, status for the owner, for another organisation)
PARTNER_ROWS: dict[tuple[str, str], tuple[str, Any, int, int]] = {
    ("POST", f"{_CREDENTIAL}/mifos"): (PARTNER_WRITE, MIFOS, 201, 201),
    ("POST", f"{_CREDENTIAL}/mpesa_b2c"): (PARTNER_WRITE, MPESA, 201, 201),
    ("POST", f"{_CREDENTIAL}/mpesa_c2b"): (PARTNER_WRITE, MPESA, 201, 201),
    ("POST", f"{_CREDENTIAL}/mpesa_stk"): (PARTNER_WRITE, STK, 201, 201),
    ("GET", _CREDENTIAL): (PARTNER_WRITE, None, 200, 200),
    ("GET", f"{_CREDENTIAL}/{{kind}}"): (PARTNER_WRITE, None, 200, 404),
    ("POST", f"{_CREDENTIAL}/{{kind}}/check"): (PARTNER_WRITE, None, 200, 404),
    ("GET", f"{_CREDENTIAL}/mifos/hook"): (PARTNER_WRITE, None, 200, 404),
    ("DELETE", f"{_CREDENTIAL}/{{kind}}"): (PARTNER_WRITE, None, 204, 404),
    ("POST", _USER): (PARTNER_WRITE, USER, 201, 201),
    ("GET", _USER): (PARTNER_WRITE, None, 200, 200),
    ("GET", f"{_USER}/{{user}}"): (PARTNER_WRITE, None, 200, 404),
    ("PATCH", f"{_USER}/{{user}}"): (PARTNER_WRITE, {}, 200, 404),
    ("DELETE", f"{_USER}/{{user}}"): (PARTNER_WRITE, None, 204, 404),
    ("POST", f"{_PRODUCT}/sync"): (LOANS_WRITE, None, 200, 200),
    ("GET", _PRODUCT): (LOANS_READ, None, 200, 200),
    ("GET", f"{_PRODUCT}/{{product}}"): (LOANS_READ, None, 200, 404),
    ("PATCH", f"{_PRODUCT}/{{product}}"): (LOANS_WRITE, {}, 200, 404),
    ("POST", f"{_COLLECTION}/stk"): (COLLECTIONS_WRITE, RING, 409, 409),
    ("POST", f"{_COLLECTION}/register"): (COLLECTIONS_WRITE, None, 409, 409),
    ("GET", f"{_COLLECTION}/rules"): (COLLECTIONS_READ, None, 200, 200),
    ("PUT", f"{_COLLECTION}/rules"): (COLLECTIONS_WRITE, {}, 200, 200),
    ("GET", _COLLECTION): (COLLECTIONS_READ, None, 200, 200),
    ("GET", f"{_COLLECTION}/{{collection}}"): (COLLECTIONS_READ, None, 404, 404),
    ("GET", f"{_COLLECTION}/{{collection}}/timeline"): (COLLECTIONS_READ, None, 404, 404),
    ("POST", f"{_OPERATOR}/decide"): (OPERATOR, _DECISION, 404, 404),
    ("POST", f"{_OPERATOR}/reversed"): (OPERATOR, _REVERSED, 404, 404),
}


async def named(world: Any, template: str) -> dict[str, str]:
    """What stands in the braces of a partner's path, made for the world's organisation."""
    key = world.make_key(scopes=(PARTNER_WRITE, LOANS_READ, LOANS_WRITE))
    http = world.client(key)
    if "{kind}" in template or template.endswith("/hook"):
        await http.post(f"{_CREDENTIAL}/mifos", json=MIFOS)
        world.sql("update credentials set state = 'valid' where org_id = %s", world.org)
        return {"kind": "mifos"}
    if "{collection}" in template:
        return {"collection": ids.mint(ids.COLLECTION)}
    if "{user}" in template:
        return {"user": (await http.post(_USER, json=USER)).json()["id"]}
    if "{product}" in template:
        await http.post(f"{_PRODUCT}/sync")
        return {"product": (await http.get(_PRODUCT)).json()["data"][0]["id"]}
    return {}
