"""API keys: 256 random bits shown once, kept as SHA-256, bound to one organisation and mode."""

import base64
import hashlib
import hmac
import os
import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from api.errors import KeyExpired, KeyRevoked, Unauthenticated
from models.fees import FeeRule
from models.ids import PLATFORM_ORG
from runtime.database import Database

CHECKOUTS_WRITE, PAYMENTS_READ = "checkouts:write", "payments:read"
EVENTS_READ, WEBHOOKS_WRITE, OPERATOR = "events:read", "webhooks:write", "operator"
#: Money out: refunds, payouts and who may approve them, escrows, payment links; and the house's
#: own floats.
REFUNDS_WRITE, PAYOUTS_READ = "refunds:write", "payouts:read"
PAYOUTS_WRITE, PAYOUTS_APPROVE = "payouts:write", "payouts:approve"
ESCROWS_READ, ESCROWS_WRITE, LINKS_WRITE = "escrows:read", "escrows:write", "links:write"
TREASURY = "treasury"
#: A partner's: loans and their products, the wallet, float, collections, messages, and what only
#: its administrator touches: credentials and authorised users.
LOANS_READ, LOANS_WRITE = "loans:read", "loans:write"
WALLET_READ, WALLET_WRITE = "wallet:read", "wallet:write"
FLOAT_READ, FLOAT_WRITE = "float:read", "float:write"
COLLECTIONS_READ, COLLECTIONS_WRITE = "collections:read", "collections:write"
MESSAGES_READ, PARTNER_WRITE = "messages:read", "partner:write"
#: What a merchant's key may do unless it is given less. Nobody approves unless it is said.
MERCHANT_SCOPES = (
    CHECKOUTS_WRITE,
    PAYMENTS_READ,
    EVENTS_READ,
    WEBHOOKS_WRITE,
    REFUNDS_WRITE,
    PAYOUTS_READ,
    PAYOUTS_WRITE,
    ESCROWS_READ,
    ESCROWS_WRITE,
    LINKS_WRITE,
)
#: The same for a partner's key.
PARTNER_SCOPES = (
    LOANS_READ,
    LOANS_WRITE,
    WALLET_READ,
    WALLET_WRITE,
    FLOAT_READ,
    FLOAT_WRITE,
    COLLECTIONS_READ,
    COLLECTIONS_WRITE,
    MESSAGES_READ,
    PARTNER_WRITE,
    EVENTS_READ,
    WEBHOOKS_WRITE,
)

#: Seconds a looked-up key is believed: so long at most a revoked key goes on working.
BELIEVED = 5.0
_FORGET_ABOVE = 10_000
_SHAPE = re.compile(r"kk_(?:test|live)_[a-z2-7]{52}")
_FIND = """
select k.*, o.fee_basis_points, o.fee_fixed_minor, o.tax_basis_points, o.duplicate_reference
  from api_keys k join orgs o on o.id = k.org_id where k.digest = %s"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """Who asks, and the settings of their organisation."""

    digest: bytes
    org: UUID
    livemode: bool
    principal: str
    scopes: frozenset[str]
    expires_at: datetime | None
    revoked_at: datetime | None
    fee: FeeRule
    warns_of_duplicates: bool

    @property
    def merchant(self) -> bytes:
        """Whose rate it counts against: all keys of an organisation and mode share one."""
        return self.org.bytes + bytes([self.livemode])


def new_key(*, livemode: bool) -> str:
    """A new key in clear."""
    noise = base64.b32encode(os.urandom(32)).decode().rstrip("=").lower()
    return f"kk_{'live' if livemode else 'test'}_{noise}"


def digest(key: str) -> bytes:
    """What is kept of a key."""
    return hashlib.sha256(key.encode()).digest()


class KeyRing:
    """Looks keys up and believes the answer for a few seconds."""

    def __init__(
        self,
        database: Database,
        *,
        believed: float = BELIEVED,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._database = database
        self._believed = believed
        self._clock = clock
        self._known: dict[bytes, tuple[float, Caller]] = {}

    async def caller(self, key: str) -> Caller:
        """Whose key this is. Raises Unauthenticated, KeyExpired or KeyRevoked."""
        if not _SHAPE.fullmatch(key):
            raise Unauthenticated("send Authorization: Bearer kk_test_… or kk_live_…")
        caller = await self._found(digest(key))
        if caller.revoked_at is not None:
            raise KeyRevoked("mint another key")
        if caller.expires_at is not None and caller.expires_at <= datetime.now(UTC):
            raise KeyExpired("mint another key")
        return caller

    async def _found(self, kept: bytes) -> Caller:
        until, caller = self._known.get(kept, (0.0, None))
        if caller is not None and until > self._clock():
            return caller
        async with self._database.system() as connection:
            row = await (await connection.execute(_FIND, [kept])).fetchone()
        if row is None or not hmac.compare_digest(row["digest"], kept):
            raise Unauthenticated("the API key is not known")
        if len(self._known) >= _FORGET_ABOVE:
            self._known.clear()
        caller = _caller(row)
        self._known[kept] = (self._clock() + self._believed, caller)
        return caller


def fee_of(row: Mapping[str, Any]) -> FeeRule:
    """What an organisation is charged for a payment, from its row."""
    return FeeRule(
        basis_points=row["fee_basis_points"],
        fixed_minor=row["fee_fixed_minor"],
        tax_basis_points=row["tax_basis_points"],
    )


def _scopes(row: Mapping[str, Any]) -> frozenset[str]:
    """Operators and treasurers act for the house: their scopes count for its keys alone."""
    held = frozenset(row["scopes"])
    return held if row["org_id"] == PLATFORM_ORG else held - {OPERATOR, TREASURY}


def _caller(row: Mapping[str, Any]) -> Caller:
    return Caller(
        digest=row["digest"],
        org=row["org_id"],
        livemode=row["livemode"],
        principal=row["principal"],
        scopes=_scopes(row),
        expires_at=row["expires_at"],
        revoked_at=row["revoked_at"],
        fee=fee_of(row),
        warns_of_duplicates=row["duplicate_reference"] == "warn",
    )
