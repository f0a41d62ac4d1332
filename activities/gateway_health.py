"""The breaker of each gateway, one row that every worker shares, on the system role.

Open, nothing is sent until `open_until`; then one message tries, and the others still wait.
"""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from providers.messaging import Rejected, Scope, Sent, Submitted, Unknown

if TYPE_CHECKING:
    from runtime.database import Connection

#: How long a gateway rests.
REST = timedelta(minutes=10)
#: Troubles in a row, where none says more than "no answer".
PATIENCE = 5

_STANDING = "select open_until from gateway_health where gateway = %s"
#: Who moves the date first is the one that tries.
_TRY = """
update gateway_health set open_until = %s, updated_at = %s
 where gateway = %s and open_until = %s"""
_WELL = """
update gateway_health set troubles = 0, open_until = null, reason = null, updated_at = %s
 where gateway = %s and (troubles > 0 or open_until is not null)"""
_TROUBLED = """
insert into gateway_health as h (gateway, troubles, open_until, reason, updated_at)
values (%(gateway)s, %(weight)s, case when %(weight)s >= %(patience)s then %(until)s end,
  %(reason)s, %(now)s)
on conflict (gateway) do update set troubles = h.troubles + %(weight)s,
  open_until = case when h.troubles + %(weight)s >= %(patience)s then %(until)s
    else h.open_until end, reason = %(reason)s, updated_at = %(now)s"""


async def may_send(connection: "Connection", gateway: str, now: datetime) -> bool:
    """True while the gateway is closed to nobody, or for the one message that tries it again."""
    row = await (await connection.execute(_STANDING, [gateway])).fetchone()
    until = row["open_until"] if row else None
    if until is None:
        return True
    if until > now:
        return False
    return (await connection.execute(_TRY, [now + REST, now, gateway, until])).rowcount == 1


async def learn(connection: "Connection", gateway: str, sent: Sent, now: datetime) -> None:
    """Count what came of a message: an answer closes the breaker, trouble may open it."""
    weight, reason = _weight(sent)
    if not weight:
        await connection.execute(_WELL, [now, gateway])
        return
    fields = {"gateway": gateway, "weight": weight, "reason": reason, "patience": PATIENCE}
    await connection.execute(_TROUBLED, {**fields, "until": now + REST, "now": now})


def _weight(sent: Sent) -> tuple[int, str]:
    """How much of our patience it costs; a refusal about one message or address costs nothing."""
    match sent:
        case Rejected(code=code, scope=Scope.GATEWAY):
            return PATIENCE, code
        case Rejected(code=code, scope=Scope.MOMENT) | Unknown(code=code):
            return 1, code
        case Submitted() | Rejected():
            return 0, ""
