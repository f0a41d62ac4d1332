"""What may be asked of a refund while it runs."""

from api.payout_errors import NotCancelable
from api.saga_requests import Decides, Row, Word, cancels
from models.refund import CANCELABLE
from runtime.database import Connection


def gives_up() -> Decides:
    """Giving it up, which is not the merchant's to say of what two people gave the payer."""
    merchants = cancels(CANCELABLE)

    async def decides(connection: Connection, row: Row) -> Word:
        if row["data"].get("case"):
            raise NotCancelable("it gives back what was never yours, as two operators decided")
        if row["data"].get("escrow") and row["data"].get("approved_in"):
            raise NotCancelable("two people decided it: nobody takes it back alone")
        return await merchants(connection, row)

    return decides
