"""Clients of a partner's own accounts: its lender's books, its short codes.

A client is built from the credential in use and kept until that changes; the one before is
closed when no call of it can be on its way any more.
"""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias, cast
from uuid import UUID

from models import ids
from models.credentials import CredentialKind, Fields, NoCredentials, read, sealed_field
from runtime.database import Database
from runtime.vault import Vault

if TYPE_CHECKING:
    from providers.mifos.client import MifosClient
    from providers.mpesa.client import MpesaClient
    from providers.mpesa.organisation import MpesaOrganisation

_FIND = "select * from credentials where kind = %s"
#: Seconds; longer than any call (workflows/policies.py: 60).
_OUTLIVES = 120.0

Row: TypeAlias = Mapping[str, Any]


class Closes(Protocol):
    """What every client can do."""

    async def aclose(self) -> None:
        """Close pooled connections."""
        ...


Build: TypeAlias = Callable[[Fields], Closes]


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What is not secret of a credential in use. `id` owns its standing callback paths."""

    id: str
    short_code: str | None
    shown: Mapping[str, Any]
    password_set_at: datetime | None


@dataclass(frozen=True, slots=True)
class _Client:
    version: int
    client: Closes


class Partners:
    """Gives clients by organisation, mode and kind; one of each per process."""

    def __init__(
        self,
        database: Database,
        vault: Vault,
        builders: Mapping[CredentialKind, Build],
        *,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._database = database
        self._vault = vault
        self._builders = builders
        self._clock = clock
        self._clients: dict[tuple[str, bool, str], _Client] = {}
        self._old: list[tuple[float, Closes]] = []

    async def mifos(self, org_id: str, livemode: bool) -> "MifosClient":  # noqa: FBT001 - the second half of the scope
        """The lender's books. Raises NoCredentials."""
        return cast("MifosClient", await self._in_use(org_id, livemode, CredentialKind.MIFOS))

    async def mpesa(self, org_id: str, livemode: bool, purpose: str) -> "MpesaOrganisation":  # noqa: FBT001 - as above
        """The short code of a purpose, `b2c` or `c2b`. Raises NoCredentials."""
        kind = CredentialKind(f"mpesa_{purpose}")
        return cast("MpesaOrganisation", await self._in_use(org_id, livemode, kind))

    async def stk(self, org_id: str, livemode: bool) -> "MpesaClient":  # noqa: FBT001 - as above
        """The short code that rings payers' phones. Raises NoCredentials."""
        return cast("MpesaClient", await self._in_use(org_id, livemode, CredentialKind.MPESA_STK))

    async def known(self, org_id: str, livemode: bool, kind: CredentialKind) -> Known:  # noqa: FBT001 - as above
        """The credential in use, without its secrets. Raises NoCredentials."""
        row = await self._row(org_id, kind, livemode=livemode)
        if row is None or not row["usable"]:
            raise NoCredentials(kind)
        return Known(
            id=ids.shown(ids.CREDENTIAL, row["id"]),
            short_code=row["short_code"],
            shown=row["shown"],
            password_set_at=row["password_set_at"],
        )

    async def as_entered(
        self, org_id: str, kind: CredentialKind, *, livemode: bool, version: int
    ) -> tuple[Fields, Closes]:
        """The fields of one version, valid or not, and a new client of them: for its check.

        The caller closes it. Raises NoCredentials once there is another version, NotConfigured
        where the installation lacks something.
        """
        row = await self._row(org_id, kind, livemode=livemode)
        if row is None or row["version"] != version:
            raise NoCredentials(kind)
        fields = await self._fields(row)
        return fields, self._builders[kind](fields)

    async def aclose(self) -> None:
        """Close every client."""
        open_ones = [held.client for held in self._clients.values()]
        self._clients.clear()
        for client in [*open_ones, *(client for _, client in self._old)]:
            await client.aclose()
        self._old.clear()

    async def _in_use(self, org_id: str, livemode: bool, kind: CredentialKind) -> Closes:  # noqa: FBT001 - as above
        row = await self._row(org_id, kind, livemode=livemode)
        if row is None or not row["usable"]:
            raise NoCredentials(kind)
        await self._close_old()
        place = (org_id, livemode, str(kind))
        held = self._clients.get(place)
        if held is not None and held.version == row["version"]:
            return held.client
        fresh = _Client(row["version"], self._builders[kind](await self._fields(row)))
        replaced = self._clients.get(place)
        if replaced is not None:
            self._old.append((self._clock() + _OUTLIVES, replaced.client))
        self._clients[place] = fresh
        return fresh.client

    async def _close_old(self) -> None:
        now = self._clock()
        over = [client for until, client in self._old if until <= now]
        self._old = [(until, client) for until, client in self._old if until > now]
        for client in over:
            await client.aclose()

    async def _row(self, org_id: str, kind: CredentialKind, *, livemode: bool) -> Row | None:
        org: UUID = ids.parsed(ids.ORG, org_id)
        async with self._database.scoped(org, livemode) as connection:
            return await (await connection.execute(_FIND, [kind])).fetchone()

    async def _fields(self, row: Row) -> Fields:
        plain = await self._vault.unseal(
            row["org_id"],
            livemode=row["livemode"],
            field=sealed_field(row["kind"]),
            sealed=row["fields_sealed"],
        )
        return read(row["kind"], plain)
