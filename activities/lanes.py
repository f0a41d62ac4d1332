"""The SQL of floats, in the house's scope."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any
from uuid import UUID

from ledger.scope import account_at
from models import ids
from models.floats import MEASURED, FloatView, Then
from models.money import Money
from models.places import Place

if TYPE_CHECKING:
    from runtime.database import Connection

    Row = Mapping[str, Any]

_ALL = """
select f.*, float_booked(f.account, f.currency) as booked,
       (select coalesce(sum(r.amount), 0)::bigint from float_reservations r
         where r.float_id = f.id and r.state = 'spent' and r.ended_at > now() - %(measured)s)
         as spent,
       (select count(*) from float_reservations r
         where r.float_id = f.id and r.state = 'waiting') as waiting
  from floats f where f.livemode = app_mode() and (%(id)s::uuid is null or f.id = %(id)s)
 order by f.rail, f.wallet, f.currency"""
_TELL = """
insert into floats (id, org_id, livemode, kind, rail, wallet, currency, account, told, told_at,
  told_booked, told_reserved)
values (%(id)s, app_org(), app_mode(), %(kind)s, %(rail)s, %(wallet)s, %(currency)s, %(account)s,
  %(told)s, now(), float_booked(%(account)s, %(currency)s), 0)
on conflict (livemode, rail, wallet, currency) do update
   set told = excluded.told, told_at = now(), told_asked = floats.asked_booked,
       told_booked = float_booked(floats.account, floats.currency), told_reserved = floats.reserved
returning id"""
_ASK = """
update floats set asked_at = now(), asked_booked = float_booked(account, currency)
 where livemode = app_mode() and rail = %s and wallet = %s"""
_DIFFERS = """
update floats set weighed_at = %(told_at)s,
       differs_since = case when %(differs)s then coalesce(differs_since, now()) end,
       differs_told_at = case when %(differs)s and differs_since is not null
         then coalesce(differs_told_at, now()) end
 where id = %(id)s and coalesce(weighed_at, '-infinity') < %(told_at)s::timestamptz
returning differs_told_at = now() as alarm"""
_LOW = """
update floats set low_since = case when %(low)s then now() end
 where id = %(id)s and (low_since is not null) <> %(low)s
returning low_since is not null as alarm"""
_SET = """
update floats set is_open = coalesce(%(open)s, is_open),
       tolerated = coalesce(%(tolerated)s, tolerated),
       low_below = coalesce(%(low_below)s, low_below), updated_at = now()
 where id = %(id)s and livemode = app_mode() returning id"""


async def lanes(connection: "Connection", lane: UUID | None = None) -> Sequence["Row"]:
    """Every float of the mode, or one, with what is booked, spent and waited for."""
    values = {"measured": MEASURED, "id": lane}
    return await (await connection.execute(_ALL, values)).fetchall()


def view(row: "Row") -> FloatView:
    """The float of a row."""
    currency = row["currency"]

    def money(minor: int | None) -> Money | None:
        return None if minor is None else Money(minor, currency)

    return FloatView(
        booked=Money(row["booked"], currency),
        reserved=Money(row["reserved"], currency),
        spent=Money(row["spent"], currency),
        told=money(row["told"]),
        then=_then(row),
        tolerated=money(row["tolerated"]),
        low_below=money(row["low_below"]),
    )


def _then(row: "Row") -> Then | None:
    """None where the holder never answered."""
    seen = [one for one in (row["told_asked"], row["told_booked"]) if one is not None]
    if not seen:
        return None
    return Then(least=min(seen), most=max(seen), reserved=row["told_reserved"])


async def asked(connection: "Connection", place: Place) -> None:
    """Note what is booked as the holder is asked: what it tells was true after that."""
    await connection.execute(_ASK, [place.rail, place.account])


async def told(connection: "Connection", place: Place, amount: Money) -> None:
    """What the provider says it holds; the float's row is made when it is not there yet."""
    values = {
        "id": ids.uuid7(),
        "kind": place.kind,
        "rail": place.rail,
        "wallet": place.account,
        "currency": amount.currency,
        "account": account_at(place).name,
        "told": amount.minor,
    }
    await connection.execute(_TELL, values)


async def differs(connection: "Connection", row: "Row", *, differs: bool) -> bool:
    """Note whether it differs; True when two answers in a row did, once. An answer counts once."""
    values = {"id": row["id"], "told_at": row["told_at"], "differs": differs}
    noted = await (await connection.execute(_DIFFERS, values)).fetchone()
    return bool(noted and noted["alarm"])


async def low(connection: "Connection", lane: UUID, *, low: bool) -> bool:
    """Note whether it is low; True when it has just become so."""
    row = await (await connection.execute(_LOW, {"id": lane, "low": low})).fetchone()
    return bool(row and row["alarm"])


async def change(
    connection: "Connection",
    lane: UUID,
    *,
    is_open: bool | None,
    tolerated: int | None,
    low_below: int | None,
) -> bool:
    """Set what is given; False when there is no such float in this mode."""
    values = {"id": lane, "open": is_open, "tolerated": tolerated, "low_below": low_below}
    return await (await connection.execute(_SET, values)).fetchone() is not None
