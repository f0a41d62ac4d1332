"""What the house sets: the calendar in its own scope, the rest in the merchant's."""

from typing import Any
from uuid import UUID

from api.schemas.floats import CoolingOff, Holiday, RollingReserve, SettlementRule
from runtime.database import Connection

_RULE = """
insert into settlement_rules (org_id, livemode, rail, zone, cut_off, days, working_days, calendar,
  opens, valid_from, set_by)
values (app_org(), app_mode(), %s, %s, %s, %s, %s, %s, %s, %s, %s) on conflict do nothing
returning id"""
_HOLIDAY = """
insert into settlement_holidays (org_id, livemode, calendar, on_date, name)
values (app_org(), app_mode(), %s, %s, %s) on conflict do nothing"""
_RESERVE = """
insert into rolling_reserves (org_id, livemode, basis_points, days, set_by)
values (app_org(), app_mode(), %s, %s, %s) on conflict (org_id, livemode) do update
   set basis_points = excluded.basis_points, days = excluded.days, set_by = excluded.set_by,
       updated_at = now()"""
_COOLING = """
insert into cooling_off (org_id, livemode, hours, set_by)
values (app_org(), app_mode(), %s, %s) on conflict (org_id, livemode) do update
   set hours = excluded.hours, set_by = excluded.set_by, updated_at = now()"""
_THERE = "select exists (select from orgs where id = %s) as there"


async def add_rule(connection: Connection, rule: SettlementRule, *, by: str) -> bool:
    """False when the rail has a rule from that very moment already."""
    values: list[Any] = [rule.rail, rule.zone, rule.cut_off, rule.days, sorted(rule.working_days)]
    values += [rule.calendar or "", rule.opens, rule.valid_from, by]
    return await (await connection.execute(_RULE, values)).fetchone() is not None


async def add_holiday(connection: Connection, day: Holiday) -> None:
    """Once."""
    await connection.execute(_HOLIDAY, [day.calendar, day.on, day.name])


async def set_reserve(connection: Connection, reserve: RollingReserve, *, by: str) -> None:
    """In the merchant's scope."""
    await connection.execute(_RESERVE, [reserve.basis_points, reserve.days, by])


async def set_cooling(connection: Connection, cooling: CoolingOff, *, by: str) -> None:
    """In the merchant's scope."""
    await connection.execute(_COOLING, [cooling.hours, by])


async def there_is(connection: Connection, org: UUID) -> bool:
    """Whether there is such an organisation. The system role, or its own scope."""
    row = await (await connection.execute(_THERE, [org])).fetchone()
    return bool(row and row["there"])
