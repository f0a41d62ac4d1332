"""Who opens a page: nobody we know, with a path only we could have made."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from fastapi import Request

from api.errors import NotFound, RateLimited
from api.keys import Caller, fee_of
from api.limits import Limiter
from api.parts import Parts
from api.path_tags import verified
from api.sources import source_of
from runtime.settings import networks

SESSION, LINK = "pay", "l"

_OWNER = {
    SESSION: "checkouts",
    LINK: "payment_links",
}
_FIND = """
select t.org_id, t.livemode, o.fee_basis_points, o.fee_fixed_minor, o.tax_basis_points,
  o.duplicate_reference from {table} t join orgs o on o.id = t.org_id where t.id = %s"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Visitor:
    """Acts for the merchant whose page it is, on the one session or link the path names."""

    caller: Caller
    owner: UUID
    path: str


async def visitor(
    parts: Parts, kind: str, token: str, limiter: Limiter, *, of: bytes = b""
) -> Visitor:
    """Whose page the path is. Raises NotFound, SignatureWrong or RateLimited.

    `of`: who asks, where the limit is theirs and not everybody's who has the page.
    """
    owner = UUID(verified(parts, kind, token))
    passes, _headers = limiter.take(owner.bytes + of)
    if not passes:
        raise RateLimited("this page is asked for too often", headers={"Retry-After": "1"})
    async with parts.database.system() as connection:
        statement = _FIND.format(table=_OWNER[kind])
        row = await (await connection.execute(statement, [owner])).fetchone()
    if row is None:
        raise NotFound("there is no such page")
    return Visitor(caller=_caller(row), owner=owner, path=f"/{kind}/{token}")


def source(parts: Parts, request: Request) -> bytes:
    """From where somebody asks; one place for all whose place nobody can tell."""
    proxies = networks(parts.settings.trusted_proxies)
    return str(source_of(request.scope, proxies)).encode()


def _caller(row: Mapping[str, Any]) -> Caller:
    return Caller(
        digest=b"",
        org=row["org_id"],
        livemode=row["livemode"],
        principal="payer",
        scopes=frozenset(),
        expires_at=None,
        revoked_at=None,
        fee=fee_of(row),
        warns_of_duplicates=row["duplicate_reference"] == "warn",
    )
