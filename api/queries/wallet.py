"""The alert of a wallet, in the caller's scope."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from models.money import Money
from runtime.database import Connection

_READ = """
select threshold, recommended, state from wallet_alerts
 where org_id = app_org() and livemode = app_mode() and currency = %s"""
# A new alert is armed; whoever sets it brings it to where the wallet stands.
_SET = """
insert into wallet_alerts (org_id, livemode, currency, threshold, recommended, state)
values (%s, %s, %s, %s, %s, 'above')
on conflict (org_id, livemode, currency) do update
   set threshold = excluded.threshold, recommended = excluded.recommended, updated_at = now()"""


async def alert(connection: Connection, currency: str) -> Mapping[str, Any] | None:
    """The alert of the wallet in this currency; None when there is none."""
    return await (await connection.execute(_READ, [currency])).fetchone()


async def set_alert(
    connection: Connection, *, org: UUID, livemode: bool, threshold: Money, recommended: Money
) -> None:
    """Set or change it; its row stays locked until the transaction ends."""
    values = [org, livemode, threshold.currency, threshold.minor, recommended.minor]
    await connection.execute(_SET, values)
