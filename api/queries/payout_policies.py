"""What an organisation chose about its payouts, written. In the caller's scope."""

from collections.abc import Mapping, Sequence
from typing import Any

from runtime.database import Connection

Row = Mapping[str, Any]

_PUT = """
insert into payout_policies as p (org_id, livemode, name_check, approval_hours, code_to,
  automatic_method, automatic_sealed, automatic_masked, return_fee, tells_payee, updated_by)
values (app_org(), app_mode(), %(name_check)s, %(approval_hours)s, %(code_to)s, %(method)s,
  %(sealed)s, %(masked)s, %(return_fee)s, %(tells_payee)s, %(by)s)
on conflict (org_id, livemode) do update set name_check = excluded.name_check,
  approval_hours = excluded.approval_hours, code_to = excluded.code_to,
  automatic_method = excluded.automatic_method,
  automatic_sealed = excluded.automatic_sealed, automatic_masked = excluded.automatic_masked,
  return_fee = excluded.return_fee, tells_payee = excluded.tells_payee,
  updated_by = excluded.updated_by, updated_at = now()"""
_FEES = """
insert into payout_policies as p (org_id, livemode, fee_basis_points, fee_fixed_minor,
  withdrawal_basis_points, withdrawal_fixed_minor, tax_basis_points, updated_by)
values (app_org(), app_mode(), %(payout_bps)s, %(payout_fixed)s, %(withdrawal_bps)s,
  %(withdrawal_fixed)s, %(tax)s, %(by)s)
on conflict (org_id, livemode) do update set fee_basis_points = excluded.fee_basis_points,
  fee_fixed_minor = excluded.fee_fixed_minor,
  withdrawal_basis_points = excluded.withdrawal_basis_points,
  withdrawal_fixed_minor = excluded.withdrawal_fixed_minor,
  tax_basis_points = excluded.tax_basis_points,
  updated_by = excluded.updated_by, updated_at = now()"""
_NO_LIMITS = "delete from payout_limits"
_LIMIT = """
insert into payout_limits (org_id, livemode, provider, currency, approval_above, per_payout,
  per_day, per_hour, updated_by)
values (app_org(), app_mode(), %(provider)s, %(currency)s, %(approval_above)s, %(per_payout)s,
  %(per_day)s, %(per_hour)s, %(by)s)"""
_LIMITS = "select * from payout_limits order by provider, currency"
_SHOWN = ("provider", "currency", "approval_above", "per_payout", "per_day", "per_hour")


async def put(connection: Connection, chosen: Row, limits: Sequence[Row], by: str) -> None:
    """Replace policy and limits; UniqueViolation for two limits of one rail and currency."""
    await connection.execute(_PUT, {**chosen, "by": by})
    await connection.execute(_NO_LIMITS)
    for limit in limits:
        await connection.execute(_LIMIT, {**limit, "by": by})


async def put_fees(connection: Connection, fees: Row, by: str) -> None:
    """Set what is charged from now on."""
    await connection.execute(_FEES, {**fees, "by": by})


async def limits(connection: Connection) -> list[dict[str, Any]]:
    """Every limit of the organisation."""
    rows = await (await connection.execute(_LIMITS)).fetchall()
    return [{name: row[name] for name in _SHOWN} for row in rows]
