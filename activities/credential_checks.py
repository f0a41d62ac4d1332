"""Checking a credential: tried out once, and what was found written with its event."""

import asyncio
import dataclasses
import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from temporalio import activity

from activities.credential_probes import Address, probe
from activities.initiator_tries import InitiatorTries
from activities.pulse import beating
from activities.registering import Registering
from activities.telling import tell
from models import ids
from models.credential_check import Check, CheckOrder, CheckVerdict, Probe, state_of
from models.credentials import (
    CredentialKind,
    CredentialState,
    NoCredentials,
    NotConfigured,
    credential_object,
)
from providers.contract import ProviderError

if TYPE_CHECKING:
    from runtime.database import Database
    from runtime.partners import Partners

CHECKED = "credential.checked"
#: Seconds for the registration: what was found is written already.
_PATIENCE = 10.0

#: Another organisation that has proven to hold the short code; a token alone proves nothing.
_HELD = """
select 1 from credentials o join credentials c on c.id = %s
 where o.livemode = c.livemode and o.kind = c.kind and o.short_code = c.short_code
   and o.id <> c.id and o.usable and o.kind in ('mpesa_b2c','mpesa_c2b')"""
#: What could not be told leaves a credential that was found valid in use.
_CONCLUDE = """
update credentials set state = %(state)s, checks = %(checks)s, checked_at = %(at)s,
  updated_at = %(at)s, usable = %(valid)s or (usable and not %(failed)s)
 where id = %(id)s and version = %(version)s returning *"""


class CredentialChecks:
    """Tries credentials out, each once."""

    def __init__(
        self, database: "Database", partners: "Partners", address: Address, tries: InitiatorTries
    ) -> None:
        self._database = database
        self._partners = partners
        self._address = address
        self._tries = tries
        self._registering = Registering(database, partners, address)

    @activity.defn(name="credential.probe")
    async def probe(self, order: CheckOrder) -> Probe:
        """Make the calls of one check. Attempted once: a wrong password locks an initiator.

        Empty when the credential was replaced meanwhile.
        """
        kind = CredentialKind(order.kind)
        try:
            fields, client = await self._partners.as_entered(
                order.org_id, kind, livemode=order.livemode, version=order.version
            )
        except NoCredentials:
            return Probe(checks=())
        except NotConfigured as no:
            return Probe(checks=(Check(name="settings", passed=None, detail=str(no)),))
        try:
            async with beating():
                return await probe(order, fields, client, self._address, self._tries)
        finally:
            await client.aclose()

    @activity.defn(name="credential.conclude")
    async def conclude(self, verdict: CheckVerdict) -> str:
        """Write the findings, unless the credential was replaced; the state in one word."""
        order = verdict.order
        await self._tries.told(order, verdict.checks)
        checks = await self._with_short_code(verdict)
        values = {
            "id": ids.parsed(ids.CREDENTIAL, order.credential_id),
            "version": order.version,
            "state": state_of(checks),
            "checks": json.dumps([dataclasses.asdict(check) for check in checks]),
            "valid": state_of(checks) is CredentialState.VALID,
            "failed": any(check.passed is False for check in checks),
            "at": datetime.now(UTC),
        }
        org = ids.parsed(ids.ORG, order.org_id)
        async with self._database.scoped(org, order.livemode) as connection:
            row = await (await connection.execute(_CONCLUDE, values)).fetchone()
            if row is None:
                return "replaced"
            shown = credential_object(row)
            step = order.workflow_id
            await tell(connection, row, event=CHECKED, step=step, shown=shown)
        if order.kind == CredentialKind.MPESA_C2B and row["state"] == CredentialState.VALID:
            await self._register(order)
        return str(row["state"])

    async def _register(self, order: CheckOrder) -> None:
        """A pay bill that collects has its payments told to us; `POST …/register` tries again."""
        try:
            async with asyncio.timeout(_PATIENCE):
                said = await self._registering.register(order.org_id, livemode=order.livemode)
        except (TimeoutError, NoCredentials, ProviderError) as error:
            activity.logger.warning("the pay bill is not registered: %s", type(error).__name__)
            return
        if said.reason:
            activity.logger.warning("the pay bill is not registered: %s", said.reason)

    async def _with_short_code(self, verdict: CheckVerdict) -> tuple[Check, ...]:
        """A short code belongs to who proves to hold it first; a second one is refused."""
        credential = ids.parsed(ids.CREDENTIAL, verdict.order.credential_id)
        async with self._database.system() as connection:
            held = await (await connection.execute(_HELD, [credential])).fetchone()
        if held is None:
            return verdict.checks
        taken = Check(name="short_code", passed=False, detail="another organisation holds it")
        return (*verdict.checks, taken)
