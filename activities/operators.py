"""Which rail a number belongs to, corrections first. Read in the caller's scope."""

from typing import TYPE_CHECKING

from models.ids import PLATFORM_ORG
from models.operators import Corrections, operator_of, prefixes

if TYPE_CHECKING:
    from runtime.database import Connection
    from runtime.vault import Vault

_PREFIXES = "select prefix, rail from operator_prefixes where org_id = %s and prefix = any(%s)"
_PORTED = "select rail from ported_numbers where org_id = %s and lookup = %s"
_SET_PREFIX = """
insert into operator_prefixes (org_id, livemode, prefix, rail, set_by, reason)
values (%s, %s, %s, %s, %s, %s) on conflict (org_id, livemode, prefix) do update
   set rail = excluded.rail, set_by = excluded.set_by, reason = excluded.reason, set_at = now()"""
_SET_PORTED = """
insert into ported_numbers (org_id, livemode, lookup, rail, set_by, reason)
values (%s, %s, %s, %s, %s, %s) on conflict (org_id, livemode, lookup) do update
   set rail = excluded.rail, set_by = excluded.set_by, reason = excluded.reason, set_at = now()"""
_NO_PREFIX = "delete from operator_prefixes where org_id = %s and prefix = %s"
_NOT_PORTED = "delete from ported_numbers where org_id = %s and lookup = %s"
_ALL = "select prefix, rail, set_by, reason, set_at from operator_prefixes order by prefix"


async def operator_for(
    connection: "Connection", vault: "Vault", msisdn: str, *, livemode: bool
) -> str | None:
    """The rail of a number (E.164 without the plus); None where nobody knows."""
    return operator_of(msisdn, await _known(connection, vault, msisdn, livemode=livemode))


async def corrected_rail(
    connection: "Connection", vault: "Vault", msisdn: str, *, livemode: bool
) -> str | None:
    """The rail people know for a number; None where only the plan of numbers speaks."""
    known = await _known(connection, vault, msisdn, livemode=livemode)
    return operator_of(msisdn, known) if known.ported or known.prefixes else None


async def _known(
    connection: "Connection", vault: "Vault", msisdn: str, *, livemode: bool
) -> Corrections:
    asked = await connection.execute(_PREFIXES, [PLATFORM_ORG, list(prefixes(msisdn))])
    rows = await asked.fetchall()
    named = await number_lookup(vault, msisdn, livemode=livemode)
    ported = await (await connection.execute(_PORTED, [PLATFORM_ORG, named])).fetchone()
    return Corrections(
        prefixes={row["prefix"]: row["rail"] for row in rows},
        ported=ported["rail"] if ported else None,
    )


async def number_lookup(vault: "Vault", msisdn: str, *, livemode: bool) -> bytes:
    """What a ported number is found again by: the number itself is not kept."""
    return await vault.lookup(PLATFORM_ORG, livemode=livemode, value=f"ported/{msisdn}")


async def correct_prefix(
    connection: "Connection", prefix: str, rail: str | None, *, livemode: bool, by: str, why: str
) -> None:
    """From now on the prefix belongs to the rail, or to none. The house's scope."""
    await connection.execute(_SET_PREFIX, [PLATFORM_ORG, livemode, prefix, rail, by, why])


async def forget_prefix(connection: "Connection", prefix: str) -> bool:
    """The plan of numbers holds again; whether there was a correction. The house's scope."""
    return (await connection.execute(_NO_PREFIX, [PLATFORM_ORG, prefix])).rowcount > 0


async def correct_number(
    connection: "Connection", lookup: bytes, rail: str, *, livemode: bool, by: str, why: str
) -> None:
    """From now on this one number belongs to the rail. The house's scope."""
    await connection.execute(_SET_PORTED, [PLATFORM_ORG, livemode, lookup, rail, by, why])


async def forget_number(connection: "Connection", lookup: bytes) -> bool:
    """The number follows its prefix again; whether it was ported. The house's scope."""
    return (await connection.execute(_NOT_PORTED, [PLATFORM_ORG, lookup])).rowcount > 0


async def corrected_prefixes(connection: "Connection") -> list[dict[str, object]]:
    """Every corrected prefix. The house's scope."""
    return [dict(row) for row in await (await connection.execute(_ALL)).fetchall()]
