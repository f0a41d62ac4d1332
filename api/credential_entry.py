"""Entering a credential and asking for its check: rows first, then the workflow."""

import hmac
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

from fastapi import Request
from pydantic import TypeAdapter
from starlette.responses import Response

from activities.initiator_tries import InitiatorTries
from api.answers import answer
from api.errors import Invalid, NotFound
from api.idempotency import Act, once, replayed
from api.keys import Caller
from api.methods import wrong
from api.partner_errors import CheckInProgress, WouldLock
from api.parts import Parts
from api.queries import credentials as queries
from models import ids
from models.credential_check import PATIENCE, CheckOrder
from models.credentials import (
    CredentialKind,
    Fields,
    MifosFields,
    MpesaFields,
    credential_object,
    password_set_at,
    read,
    revealed,
    sealed_field,
    shown,
)
from runtime.addresses import UrlRefused, checked_url
from runtime.database import Connection
from runtime.starting import credential_start

_ORDER = TypeAdapter(CheckOrder)
#: A check that is older than this has ended, whatever its row says.
_CHECK_ENDS = timedelta(minutes=6)
_REMEDY = "enter another, or send try_again=true once it was set anew at Safaricom"


class Entry:
    """One caller's change of one kind of credential.

    `anew`: a password may be tried although M-Pesa refused it, or never told.
    """

    def __init__(
        self, parts: Parts, caller: Caller, kind: CredentialKind, *, anew: bool = False
    ) -> None:
        self.parts, self.caller, self.kind, self._anew = parts, caller, kind, anew
        self._order: CheckOrder | None = None

    async def enter(self, request: Request, fields: Fields) -> tuple[Response, bool]:
        """Create or replace, and have it checked; True when it was done now.

        An initiator's check is not overtaken: its result would be taken for the next one's, and
        each entry is a try. Raises Invalid, CheckInProgress or WouldLock.
        """
        if before := await replayed(request, self.caller):
            return before, False
        self._check_url(fields)
        known = await self._known()
        if known and isinstance(fields, MpesaFields) and _being_checked(known[0]):
            raise CheckInProgress("wait for its result")
        await self._may_try(fields)
        set_at = self._password_set_at(fields, known)
        sealed = await self._sealed(sealed_field(self.kind), revealed(fields))

        async def act(connection: Connection) -> Response:
            entered = queries.Entered(
                org=self.caller.org,
                livemode=self.caller.livemode,
                kind=self.kind,
                short_code=getattr(fields, "short_code", None),
                shown=shown(fields),
                sealed=sealed,
                set_at=set_at,
                over=known[0]["version"] if known else 0,
            )
            row = await queries.enter(connection, entered)
            if row is None:
                raise CheckInProgress("it was entered at the same moment; look at it first")
            return await self._accepted(connection, row, 200 if known else 201)

        return await self._done(request, act)

    async def check_again(self, request: Request) -> tuple[Response, bool]:
        """Have what was entered checked again. Raises NotFound, CheckInProgress or WouldLock."""
        if before := await replayed(request, self.caller):
            return before, False
        known = await self._known()
        if known and not _being_checked(known[0]):
            await self._may_try(known[1])

        async def act(connection: Connection) -> Response:
            row = await queries.one(connection, self.kind, lock=True)
            if row is None:
                raise NotFound("there is no such credential")
            if _being_checked(row):
                raise CheckInProgress("wait for its result")
            return await self._accepted(connection, await queries.check_again(connection, row), 200)

        return await self._done(request, act)

    async def _done(self, request: Request, act: Act) -> tuple[Response, bool]:
        given, fresh = await once(request, self.caller, act)
        if fresh and self._order is not None:
            dispatcher = self.parts.dispatcher
            dispatcher.soon(partial(dispatcher.start, credential_start(self._order)))
        return given, fresh

    async def _accepted(self, connection: Connection, row: queries.Row, status: int) -> Response:
        """Answer with the row; its check is accepted in the same transaction."""
        scale = 1.0 if self.caller.livemode else self.parts.settings.wait_scale
        self._order = CheckOrder(
            credential_id=ids.shown(ids.CREDENTIAL, row["id"]),
            org_id=ids.shown(ids.ORG, row["org_id"]),
            livemode=row["livemode"],
            kind=row["kind"],
            version=row["version"],
            patience=PATIENCE * scale,
            anew=self._anew,
        )
        sealed = await self._sealed("start", _ORDER.dump_json(self._order))
        await queries.start(connection, row, self._order, sealed)
        return answer(credential_object(row), status)

    async def _sealed(self, field: str, plain: bytes) -> bytes:
        caller = self.caller
        return await self.parts.vault.seal(
            caller.org, livemode=caller.livemode, field=field, plain=plain
        )

    async def _known(self) -> tuple[Mapping[str, Any], Fields] | None:
        """What is there now, opened."""
        caller, kind = self.caller, self.kind
        async with self.parts.database.scoped(caller.org, caller.livemode) as connection:
            row = await queries.one(connection, kind)
        if row is None:
            return None
        plain = await self.parts.vault.unseal(
            caller.org,
            livemode=caller.livemode,
            field=sealed_field(kind),
            sealed=row["fields_sealed"],
        )
        return row, read(kind, plain)

    def _password_set_at(
        self, fields: Fields, known: tuple[Mapping[str, Any], Fields] | None
    ) -> datetime | None:
        """When the password was set: said, else as before for the same one.

        Raises Invalid for a day to come.
        """
        now = datetime.now(UTC)
        _not_ahead(fields, now)
        if known is None or not isinstance(fields, MpesaFields):
            return password_set_at(fields, now)
        row, before = known
        if not isinstance(before, MpesaFields) or not _same_password(before, fields):
            return password_set_at(fields, now)
        return password_set_at(fields, row["password_set_at"])

    async def _may_try(self, fields: Fields) -> None:
        """Each password of an initiator is tried once. Raises WouldLock.

        While it is tried elsewhere its check is accepted and waits for the word on it.
        """
        if self._anew or not isinstance(fields, MpesaFields):
            return
        tries = InitiatorTries(self.parts.database, self.parts.settings.initiator_pepper)
        tried = await tries.standing(self.caller.org, fields)
        if tried is not None and not tried.awaited(datetime.now(UTC)):
            raise WouldLock(f"{tried.why}; {_REMEDY}")

    def _check_url(self, fields: Fields) -> None:
        if not isinstance(fields, MifosFields):
            return
        try:
            checked_url(fields.url, allow_internal=self.parts.settings.webhook_allow_internal)
        except UrlRefused as no:
            raise Invalid(f"/url: {no}", errors=[{"pointer": "/url", "detail": str(no)}]) from no


def _not_ahead(fields: Fields, now: datetime) -> None:
    """A day to come would put off every warning. Nairobi is ahead of UTC by less than a day."""
    said = fields.password_set_on if isinstance(fields, MpesaFields) else None
    if said and said > (now + timedelta(days=1)).date():
        raise wrong("/password_set_on", "the day has not come yet")


def _being_checked(row: Mapping[str, Any]) -> bool:
    asked: datetime = row["check_asked_at"]
    return row["state"] == "checking" and datetime.now(UTC) - asked < _CHECK_ENDS


def _same_password(before: MpesaFields, now: MpesaFields) -> bool:
    old, new = before.initiator_password, now.initiator_password
    same = hmac.compare_digest(old.get_secret_value().encode(), new.get_secret_value().encode())
    return same and before.initiator == now.initiator
