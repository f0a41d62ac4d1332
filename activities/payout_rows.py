"""The SQL of payouts, in the organisation's scope: policies, limits, and whom they go to."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any
from uuid import UUID

from models import ids
from models.fees import FeeRule
from models.payout_order import NameCheck
from models.payout_policy import ALL, Automatic, PayoutLimit, PayoutPolicy

if TYPE_CHECKING:
    from runtime.database import Connection

    Row = Mapping[str, Any]

#: How payees, and the names told of them, are sealed.
PAYEE_FIELD = "payee"

_POLICY = "select * from payout_policies"
_LIMITS = "select * from payout_limits where provider = any(%s) and currency = %s"
#: One at a time per organisation: two payouts never see the same room.
_ALONE = "select pg_advisory_xact_lock(hashtext(%s))"
_LEFT = """
select coalesce(sum(amount), 0)::bigint as day,
       count(*) filter (where created_at > now() - interval '1 hour') as hour
  from sagas where org_id = app_org() and livemode = app_mode() and kind = 'payout'
   and currency = %(currency)s and created_at > now() - interval '1 day'
   and state not in ('failed','canceled')
   and (%(provider)s = '*' or data->>'method' = %(provider)s)"""
_KEEP = """
insert into payees (saga_id, org_id, livemode, payee_sealed, payee_lookup, payee_masked)
values (%(id)s, %(org)s, %(livemode)s, %(sealed)s, %(lookup)s, %(masked)s)"""
_HOLDER = "update payees set holder_sealed = %s, holder_told_at = now() where saga_id = %s"
_CLAIMED = "select * from sagas where kind = 'payout' and claim = %s"


async def policy(connection: "Connection") -> PayoutPolicy:
    """What the organisation chose; the default where it chose nothing."""
    row = await (await connection.execute(_POLICY)).fetchone()
    if row is None:
        return PayoutPolicy()
    return PayoutPolicy(
        name_check=NameCheck(row["name_check"]),
        approval_hours=row["approval_hours"],
        code_to=row["code_to"],
        automatic=_automatic(row),
        return_fee=row["return_fee"],
        tells_payee=row["tells_payee"],
        fee=FeeRule(
            basis_points=row["fee_basis_points"],
            fixed_minor=row["fee_fixed_minor"],
            tax_basis_points=row["tax_basis_points"],
        ),
        withdrawal_fee=FeeRule(
            basis_points=row["withdrawal_basis_points"],
            fixed_minor=row["withdrawal_fixed_minor"],
            tax_basis_points=row["tax_basis_points"],
        ),
    )


def _automatic(row: "Row") -> Automatic | None:
    if row["automatic_sealed"] is None:
        return None
    return Automatic(
        sealed=row["automatic_sealed"],
        masked=row["automatic_masked"],
        method=row["automatic_method"],
    )


async def limits(connection: "Connection", provider: str, currency: str) -> Sequence[PayoutLimit]:
    """The limits a payout by this rail counts against: the rail's own, and those of all rails."""
    rows = await (await connection.execute(_LIMITS, [[provider, ALL], currency])).fetchall()
    return [
        PayoutLimit(
            provider=row["provider"],
            currency=row["currency"],
            approval_above=row["approval_above"],
            per_payout=row["per_payout"],
            per_day=row["per_day"],
            per_hour=row["per_hour"],
        )
        for row in rows
    ]


async def exceeded(
    connection: "Connection", org: UUID, limit: PayoutLimit, minor: int
) -> str | None:
    """Which limit another payout of this amount would break; held until the transaction ends."""
    if limit.per_payout is not None and minor > limit.per_payout:
        return f"{limit.per_payout} minor units are the most one payout may carry"
    if limit.per_day is None and limit.per_hour is None:
        return None
    await connection.execute(_ALONE, [f"payouts/{org}"])
    values = {"provider": limit.provider, "currency": limit.currency}
    row = await (await connection.execute(_LEFT, values)).fetchone()
    day, hour = (row["day"], row["hour"]) if row else (0, 0)
    if limit.per_day is not None and day + minor > limit.per_day:
        return f"{max(limit.per_day - day, 0)} minor units may still leave within this day"
    if limit.per_hour is not None and hour + 1 > limit.per_hour:
        return f"{limit.per_hour} payouts may leave within an hour"
    return None


async def claimed(connection: "Connection", claim: str) -> "Row | None":
    """The payout that was accepted under a claim."""
    return await (await connection.execute(_CLAIMED, [claim])).fetchone()


async def keep_payee(
    connection: "Connection", saga: "Row", *, sealed: bytes, lookup: bytes, masked: str
) -> None:
    """Keep whom it goes to, in the caller's transaction."""
    values = {
        "id": saga["id"],
        "org": saga["org_id"],
        "livemode": saga["livemode"],
        "sealed": sealed,
        "lookup": lookup,
        "masked": masked,
    }
    await connection.execute(_KEEP, values)


async def keep_holder(connection: "Connection", payout: str, sealed: bytes) -> None:
    """Keep the name its provider told of the payee."""
    await connection.execute(_HOLDER, [sealed, ids.parsed(ids.PAYOUT, payout)])
