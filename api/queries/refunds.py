"""What asking for a refund reads besides the payment it locks, in the caller's scope."""

from models import ids
from runtime.database import Connection

_CURRENCY = "select currency from payments where id = %s"


async def currency(connection: Connection, payment: str) -> str | None:
    """The currency of a payment by its public id; None where there is none."""
    try:
        named = [ids.parsed(ids.PAYMENT, payment)]
    except ids.BadId:
        return None
    row = await (await connection.execute(_CURRENCY, named)).fetchone()
    return row["currency"] if row else None
