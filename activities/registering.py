"""Telling Daraja where a partner's pay bill payments are asked about and confirmed."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol

from models import ids
from models.credentials import CredentialKind
from models.reading import Reading, Reason
from providers.mpesa.c2b import Unanswered

if TYPE_CHECKING:
    from runtime.database import Database
    from runtime.partners import Known

#: Slugs of the question before the money moves, and of the confirmation.
VALIDATION, CONFIRMATION = "ke7", "ke8"

# Registered again, the first time stands; for another short code it begins anew.
_REGISTERED = """
insert into collection_rules as r (org_id, livemode, registered_short_code, registered_at)
values (app_org(), app_mode(), %s, now())
on conflict (org_id, livemode) do update
   set registered_at = case when r.registered_short_code = excluded.registered_short_code
         then coalesce(r.registered_at, now()) else now() end,
       registered_short_code = excluded.registered_short_code, updated_at = now()"""


class HasAddresses(Protocol):
    """A short code that collects."""

    async def register_urls(
        self, *, confirmation_url: str, validation_url: str, unanswered: Unanswered
    ) -> Reading:
        """Say where payments are told. Raises Unreachable or Ambiguous."""
        ...


class GivesPayBills(Protocol):
    """Where a partner's credentials are kept. Both raise NoCredentials."""

    async def mpesa(self, org_id: str, livemode: bool, purpose: str) -> HasAddresses:  # noqa: FBT001 - the second half of the scope
        """The short code of a purpose."""
        ...

    async def known(self, org_id: str, livemode: bool, kind: CredentialKind) -> "Known":  # noqa: FBT001 - as above
        """A credential in use, without its secrets."""
        ...


class Registering:
    """Registers and remembers it. `address` makes the URL of an owner and a slug."""

    def __init__(
        self, database: "Database", partners: GivesPayBills, address: Callable[[str, str], str]
    ) -> None:
        self._database = database
        self._partners = partners
        self._address = address

    async def register(self, org_id: str, *, livemode: bool) -> Reading:
        """Register the addresses; `reason` None when they stand, also from before.

        A question of Daraja's that we do not answer in time counts as yes: here no money that
        moved is lost. Raises NoCredentials, Unreachable or Ambiguous.
        """
        known = await self._partners.known(org_id, livemode, CredentialKind.MPESA_C2B)
        client = await self._partners.mpesa(org_id, livemode, "c2b")
        said = await client.register_urls(
            confirmation_url=self._address(known.id, CONFIRMATION),
            validation_url=self._address(known.id, VALIDATION),
            unanswered=Unanswered.COMPLETED,
        )
        if said.reason not in {None, Reason.DUPLICATE}:
            return said
        async with self._database.scoped(ids.parsed(ids.ORG, org_id), livemode) as connection:
            await connection.execute(_REGISTERED, [known.short_code])
        return Reading(verdict=None)
