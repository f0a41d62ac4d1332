"""A one-time code on top of a second person's word, where the organisation wants one.

It is sent to the authorised user its policy names, and bound to the saga, its amount and its
payee. Guesses are counted before they are compared, each committed by itself.
"""

from datetime import UTC, datetime, timedelta
from math import ceil
from typing import Any
from uuid import UUID

from fastapi import Request
from starlette.responses import Response

from activities import message_rows, otp_rows, payout_rows
from activities.contacts import Contact, Contacts
from activities.languages import chosen
from activities.messages import sealed
from api import idempotency, saga_reads
from api.answers import answer
from api.approving import REQUIRES_APPROVAL, approves
from api.errors import NotFound, RateLimited
from api.float_codes import check_hourly_cap, scale
from api.float_errors import CodeLocked, CodeUsed, CodeWrong, TooManyCodes
from api.keys import Caller
from api.parts import Parts
from api.payout_errors import CodeNotWanted, CodeRequired, NotWaitingForApproval
from api.queries import requests
from api.queries.requests import Row
from api.saga_requests import Decides
from api.schemas.payouts import ApprovalRequest
from models import ids, otp
from models.approval import ApprovalWord
from models.messages import Notice
from models.moments import moment
from models.money import Money
from models.saga import SagaKind
from models.saga_view import PREFIXES
from runtime.database import Connection


class CodeSending:
    """One request for a code; called with the open transaction."""

    def __init__(self, parts: Parts, caller: Caller, kind: SagaKind, saga: UUID) -> None:
        self._parts, self._caller = parts, caller
        self._kind, self._saga = kind, saga

    async def __call__(self, connection: Connection) -> Response:
        """Send it; the one before is void. Raises why none is sent, or not yet."""
        row = await requests.locked(connection, self._kind, self._saga)
        if row is None:
            raise NotFound(f"there is no such {self._kind}")
        if row["state"] != REQUIRES_APPROVAL:
            raise NotWaitingForApproval(f"it is {row['state']}")
        user = (await payout_rows.policy(connection)).code_to
        if user is None:
            raise CodeNotWanted("no code is asked for: approve it")
        latest = await otp_rows.latest(connection, self._saga)
        self._check(latest)
        await check_hourly_cap(self._parts, connection)
        await otp_rows.void(connection, self._saga)
        number = int(latest["number"]) + 1 if latest else 1
        person = await self._person(connection, user)
        await self._send(connection, row, person, number)
        until = datetime.now(UTC) + timedelta(seconds=otp.LIFETIME * self._scale())
        told = {"object": "approval_code", "sent_to": person.phone_masked}
        return answer({**told, "number": number, "expires_at": moment(until)})

    def _check(self, latest: Row | None) -> None:
        if latest is None:
            return
        if latest["spent_at"]:
            raise CodeUsed("it was approved already")
        if latest["number"] > otp.RESENDS:
            raise TooManyCodes(f"{otp.RESENDS + 1} codes were sent")
        wait = otp.RESEND_AFTER * self._scale() - latest["age"]
        if wait > 0:
            later = {"Retry-After": str(ceil(wait))}
            raise RateLimited("the code was sent a moment ago", headers=later)

    async def _person(self, connection: Connection, user: UUID) -> Contact:
        found = await Contacts(self._parts.database, self._parts.vault).within(connection, user)
        if found is None:
            raise CodeRequired("whom codes are sent to is no authorised user any more")
        return found

    async def _send(self, connection: Connection, row: Row, person: Contact, number: int) -> None:
        code, approval = otp.new_code(), approval_of(row)
        await otp_rows.issue(
            connection,
            row,
            number=number,
            digest=otp.sealed_code(self._parts.settings.otp_pepper, approval, code),
            life=otp.LIFETIME * self._scale(),
        )
        letter = await sealed(
            self._parts.vault,
            row["org_id"],
            livemode=row["livemode"],
            notice=_notice(approval, person, code, number),
            languages=await chosen(connection),
        )
        await message_rows.queue(connection, letter)

    def _scale(self) -> float:
        return scale(self._parts, livemode=self._caller.livemode)


async def _guessed(parts: Parts, caller: Caller, saga: Row, code: str) -> UUID:
    """The id of the code that was guessed rightly. Raises CodeWrong, or why none is compared."""
    async with parts.database.scoped(caller.org, caller.livemode) as connection:
        counted = await otp_rows.count_try(connection, saga["id"], most=otp.TRIES)
    if counted is None:
        raise CodeLocked("no code takes a guess: ask for another")
    if not otp.is_code(
        parts.settings.otp_pepper, approval_of(saga), code, bytes(counted["digest"])
    ):
        left = otp.TRIES - int(counted["tries"])
        raise CodeWrong(f"{left} more guesses are taken", tries_left=str(left))
    found: UUID = counted["id"]
    return found


async def allows(
    request: Request,
    parts: Parts,
    caller: Caller,
    kind: SagaKind,
    *,
    named: str,
    body: ApprovalRequest,
) -> Decides:
    """The approving word about this saga, with its code where one is wanted.

    Raises NotFound, CodeRequired and CodeWrong.
    """
    row = await saga_reads.saga_row(parts, caller, kind, named)
    code = await _needed(request, parts, caller, row, body.code)
    return approves(caller, ApprovalWord.APPROVE, body.reason, code=code)


async def send(
    request: Request, parts: Parts, caller: Caller, kind: SagaKind, named: str
) -> Response:
    """Send a code to whom the policy names. Raises NotFound, and why none is sent."""
    sending = CodeSending(parts, caller, kind, saga_reads.saga_uuid(kind, named))
    given, _fresh = await idempotency.once(request, caller, sending)
    return given


async def _needed(
    request: Request, parts: Parts, caller: Caller, saga: Row, code: str | None
) -> UUID | None:
    """The code that has to be spent with the word; None where none is wanted.

    Raises CodeRequired and CodeWrong. The same request again is no second guess.
    """
    async with parts.database.scoped(caller.org, caller.livemode) as connection:
        wanted = (await payout_rows.policy(connection)).code_to is not None
    if not wanted or await idempotency.replayed(request, caller) is not None:
        return None
    if code is None:
        raise CodeRequired("send the code; ask for one first")
    return await _guessed(parts, caller, saga, code)


def approval_of(saga: Row) -> otp.Approval:
    """What a code of this saga approves: of a batch, its sum and how many rows it has."""
    kind, data = SagaKind(saga["kind"]), saga["data"]
    shown = ids.shown(PREFIXES[kind], saga["id"])
    if kind is SagaKind.BATCH:
        amount = Money(data["amount"], data["currency"])
        return otp.Approval(
            purchase_id=shown, amount=amount, beneficiary=f"{shown} ({data['rows']:,})"
        )
    payee = data.get("payee") or data.get("payment") or ""
    amount = Money(saga["amount"], saga["currency"])
    return otp.Approval(purchase_id=shown, amount=amount, beneficiary=str(payee))


def _notice(approval: otp.Approval, person: Contact, code: str, number: int) -> Notice:
    facts: dict[str, Any] = {
        "code": code,
        "amount": str(approval.amount),
        "beneficiary": approval.beneficiary,
        "minutes": str(round(otp.LIFETIME / 60)),
    }
    return Notice(
        event="approval_code",
        key=f"{approval.purchase_id}/otp/{number}",
        to_phone=person.phone,
        to_email=person.email,
        facts=facts,
        about=approval.purchase_id,
    )
