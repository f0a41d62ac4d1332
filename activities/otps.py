"""One-time codes as the saga sees them: never the code, only how it stands."""

from typing import TYPE_CHECKING

from temporalio import activity

from activities import otp_rows as rows
from models import ids
from models.otp import OtpLook, OtpStanding
from models.saga import SagaRef

if TYPE_CHECKING:
    from runtime.database import Database


class Otps:
    """Looks after codes whose time may be over."""

    def __init__(self, database: "Database") -> None:
        self._database = database

    @activity.defn(name="otp.run_out")
    async def run_out(self, saga: SagaRef) -> OtpLook:
        """Void the code if its time is over, and say how it stands.

        A code that was right in the last second is spent, whoever was slower to tell.
        """
        org, about = ids.parsed(ids.ORG, saga.org_id), ids.parsed(ids.FLOAT_PURCHASE, saga.id)
        async with self._database.scoped(org, saga.livemode) as connection:
            await rows.void_if_over(connection, about)
            row = await rows.latest(connection, about)
        if row is None or row["voided_at"] is not None:
            return OtpLook(standing=OtpStanding.OVER)
        if row["spent_at"] is not None:
            return OtpLook(standing=OtpStanding.SPENT)
        return OtpLook(standing=OtpStanding.LIVE, expires_at=row["expires_at"])
