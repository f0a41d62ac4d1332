"""A guess at a code: counted first, compared then, and what was right is told to the saga.

Counting commits by itself, so that no failure afterwards gives a guess back.
"""

import json
from functools import partial
from typing import Any
from uuid import UUID

from fastapi import Request
from starlette.responses import Response

from activities import otp_rows
from api import idempotency
from api.answers import answer
from api.errors import KeyMissing
from api.float_codes import approval_of
from api.float_errors import CodeExpired, CodeLocked, CodeUsed, CodeWrong, NotWaiting
from api.idempotency import once_then
from api.keys import Caller
from api.parts import Parts, parts_of
from api.queries import float_purchases as queries
from api.queries import requests
from api.saga_reads import saga_row
from models import ids, otp
from models.float_purchase import FloatState
from models.otp import OtpWord
from models.saga import SagaKind
from models.saga_view import saga_object
from runtime.database import Connection

Row = queries.Row


async def verify(request: Request, caller: Caller, purchase: str, code: str) -> Response:
    """The purchase, approved. Raises CodeWrong, or why no guess is taken any more."""
    parts = parts_of(request)
    replay = await _answered_before(request, caller)
    if replay is not None:
        return replay
    row = await saga_row(parts, caller, SagaKind.FLOAT, purchase)
    counted = await _count(parts, caller, row["id"])
    if not otp.is_code(parts.settings.otp_pepper, approval_of(row), code, bytes(counted["digest"])):
        raise await _wrong(parts, caller, row, counted)
    approved = Told(parts, caller, row["id"], OtpWord.VERIFIED, code_id=counted["id"])
    return await once_then(request, caller, approved, then=approved.send, required=True)


class Told:
    """What was done with a code, told to the saga in the transaction that decides it."""

    def __init__(
        self,
        parts: Parts,
        caller: Caller,
        purchase: UUID,
        word: OtpWord,
        code_id: UUID | None = None,
    ) -> None:
        self._parts, self._caller, self._purchase = parts, caller, purchase
        self._word, self._code_id = word, code_id
        self._message: UUID | None = None

    async def __call__(self, connection: Connection) -> Response:
        """Spend the code, or take it back, and leave word. Raises NotWaiting and CodeUsed."""
        row = await waiting(connection, self._purchase)
        if self._code_id is None:
            await self._take_back(connection)
        elif not await otp_rows.spend(connection, self._code_id):
            raise CodeUsed("the code was used, or taken back meanwhile")
        self._message = await requests.leave(
            connection,
            row,
            digest=f"{ids.shown(ids.FLOAT_PURCHASE, self._purchase)}/otp/{self._word}",
            sealed=await self._sealed({"otp": self._word, "actor": self._caller.principal}),
        )
        return answer(saga_object(row))

    def send(self) -> None:
        """After the commit: signal the saga."""
        if self._message is not None:
            deliver = self._parts.vault_inbox.deliver
            self._parts.dispatcher.soon(partial(deliver, [self._message]))

    async def _take_back(self, connection: Connection) -> None:
        if await otp_rows.void(connection, self._purchase):
            return
        latest = await otp_rows.latest(connection, self._purchase)
        if latest is not None and latest["spent_at"] is not None:
            raise CodeUsed("the purchase was approved already")

    async def _sealed(self, message: dict[str, Any]) -> bytes:
        return await self._parts.vault.seal(
            self._caller.org,
            livemode=self._caller.livemode,
            field="inbox",
            plain=json.dumps(message).encode(),
        )


async def waiting(connection: Connection, purchase: UUID) -> Row:
    """The purchase, held; raises NotWaiting when no code is waited for."""
    row = await queries.locked(connection, purchase)
    if row is None or row["state"] != FloatState.OTP_PENDING:
        raise NotWaiting(f"it is {row['state']}" if row else "there is no such purchase")
    return row


async def _answered_before(request: Request, caller: Caller) -> Response | None:
    """The same request again is answered again, and is no second guess."""
    parts = parts_of(request)
    slot = await idempotency.slot_of(request, caller, required=True)
    if slot is None:
        raise KeyMissing("send a key of your own")
    async with parts.database.scoped(caller.org, caller.livemode) as connection:
        return await idempotency.stored(parts, connection, slot)


async def _count(parts: Parts, caller: Caller, purchase: UUID) -> Row:
    """The code's row, one guess the poorer. Raises why there is none to compare with."""
    async with parts.database.scoped(caller.org, caller.livemode) as connection:
        counted = await otp_rows.count_try(connection, purchase, most=otp.TRIES)
        if counted is not None:
            return counted
        latest = await otp_rows.latest(connection, purchase)
    if latest is None or latest["spent_at"] is not None:
        raise CodeUsed("the purchase was approved already")
    if latest["voided_at"] is None and not latest["live"]:
        raise CodeExpired("ask for another code, or start again")
    raise CodeLocked("no more guesses are taken")


async def _wrong(parts: Parts, caller: Caller, row: Row, counted: Row) -> CodeWrong:
    """The refusal; after the last guess the code is taken back and the purchase ends."""
    left = otp.TRIES - int(counted["tries"])
    if left == 0:
        locked = Told(parts, caller, row["id"], OtpWord.LOCKED)
        try:
            async with parts.database.scoped(caller.org, caller.livemode) as connection:
                await locked(connection)
        except (NotWaiting, CodeUsed):
            return CodeWrong("no more guesses are taken", tries_left="0")
        locked.send()
    return CodeWrong(f"{left} more guesses are taken", tries_left=str(left))
