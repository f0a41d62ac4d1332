"""Another code for a purchase: the one before is void from that moment."""

import json
from datetime import UTC, datetime, timedelta
from math import ceil
from uuid import UUID

from starlette.responses import Response

from activities import otp_rows
from activities.contacts import Contact, Contacts
from api import float_codes
from api.answers import answer
from api.errors import RateLimited
from api.float_errors import CodeExpired, CodeLocked, NotWaiting, TooManyCodes
from api.float_verifying import waiting
from api.keys import Caller
from api.parts import Parts
from api.queries import float_purchases as queries
from models import ids, otp
from models.moments import moment
from models.saga_view import saga_object
from runtime.database import Connection


class Resending:
    """One request for another code, called with the open transaction."""

    def __init__(self, parts: Parts, caller: Caller, purchase: UUID) -> None:
        self._parts, self._caller, self._purchase = parts, caller, purchase

    async def __call__(self, connection: Connection) -> Response:
        """Send it. Raises why no other code is sent, or not yet."""
        await queries.one_at_a_time(connection, self._caller.org)
        row = await waiting(connection, self._purchase)
        latest = await otp_rows.latest(connection, self._purchase)
        if latest is None:
            raise NotWaiting("it has sent no code")
        self._check(latest)
        await float_codes.check_hourly_cap(self._parts, connection)
        approver = await self._approver(connection, row["data"]["approver"])
        await otp_rows.void(connection, self._purchase)
        number = latest["number"] + 1
        await float_codes.send_code(self._parts, connection, row, approver, number=number)
        shown = await queries.show(connection, self._purchase, self._members(number))
        return answer(saga_object(shown))

    def _check(self, latest: queries.Row) -> None:
        if latest["spent_at"] or latest["voided_at"] or latest["tries"] >= otp.TRIES:
            raise CodeLocked("the purchase takes no more codes")
        if not latest["live"]:
            raise CodeExpired("start again")
        if latest["number"] > otp.RESENDS:
            raise TooManyCodes(f"{otp.RESENDS + 1} codes were sent")
        wait = otp.RESEND_AFTER * self._scale() - latest["age"]
        if wait > 0:
            later = {"Retry-After": str(ceil(wait))}
            raise RateLimited("the code was sent a moment ago", headers=later)

    async def _approver(self, connection: Connection, user: str) -> Contact:
        contacts = Contacts(self._parts.database, self._parts.vault)
        found = await contacts.within(connection, ids.parsed(ids.USER, user))
        if found is None:
            raise NotWaiting("its approver is no authorised user any more")
        return found

    def _members(self, number: int) -> str:
        expires = datetime.now(UTC) + timedelta(seconds=otp.LIFETIME * self._scale())
        return json.dumps({"codes_sent": number, "code_expires_at": moment(expires)})

    def _scale(self) -> float:
        return float_codes.scale(self._parts, livemode=self._caller.livemode)
