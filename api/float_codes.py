"""One-time codes of a float purchase: issued and sent in one transaction, in two messages.

The code itself is in those two messages and nowhere else.
"""

from collections.abc import Mapping
from typing import Any

from activities import message_rows, otp_rows
from activities.contacts import Contact
from activities.languages import chosen
from activities.messages import sealed
from api.errors import RateLimited
from api.parts import Parts
from models import ids, otp
from models.messages import Notice
from models.money import Money
from runtime.database import Connection

Row = Mapping[str, Any]


async def send_code(
    parts: Parts, connection: Connection, purchase: Row, approver: Contact, *, number: int
) -> Row:
    """Make the next code, keep its HMAC, queue it by SMS and by e-mail. The code's row."""
    code, approval = otp.new_code(), approval_of(purchase)
    row = await otp_rows.issue(
        connection,
        purchase,
        number=number,
        digest=otp.sealed_code(parts.settings.otp_pepper, approval, code),
        life=otp.LIFETIME * scale(parts, livemode=purchase["livemode"]),
    )
    notice = Notice(
        event="otp",
        key=f"{approval.purchase_id}/otp/{number}",
        to_phone=approver.phone,
        to_email=approver.email,
        facts={
            "code": code,
            "amount": str(approval.amount),
            "beneficiary": approval.beneficiary,
            "minutes": str(round(otp.LIFETIME / 60)),
        },
        about=approval.purchase_id,
    )
    letter = await sealed(
        parts.vault,
        purchase["org_id"],
        livemode=purchase["livemode"],
        notice=notice,
        languages=await chosen(connection),
    )
    await message_rows.queue(connection, letter)
    return row


async def check_hourly_cap(parts: Parts, connection: Connection) -> None:
    """Raises RateLimited when the scope's organisation has sent its codes of the hour."""
    if await otp_rows.sent_within_the_hour(connection) >= parts.settings.otps_per_hour:
        raise RateLimited("too many codes within the hour", headers={"Retry-After": "600"})


def approval_of(purchase: Row) -> otp.Approval:
    """What a code of this purchase approves."""
    return otp.Approval(
        purchase_id=ids.shown(ids.FLOAT_PURCHASE, purchase["id"]),
        amount=Money(purchase["amount"], purchase["currency"]),
        beneficiary=purchase["data"]["short_code"],
    )


def scale(parts: Parts, *, livemode: bool) -> float:
    """What waits are multiplied by; always 1 for real money."""
    return 1.0 if livemode else parts.settings.wait_scale
