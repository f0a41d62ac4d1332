"""The one writer of sagas after acceptance: a step is one transaction, once for ever."""

import hmac
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Protocol
from uuid import UUID

from temporalio import activity
from temporalio.exceptions import ApplicationError

from activities import message_rows, taken_fees
from activities import saga_rows as rows
from activities.addressing import Addressing, wallet_low
from activities.wallet_alerts import crossed
from models import faultpoints, ids, saga_states
from models.lifecycle import AttemptState
from models.money import Money
from models.saga import SagaStep, SagaWritten, Trouble
from models.saga_view import saga_object
from models.vault_postings import VaultPosting
from models.wallet import LowWallet

if TYPE_CHECKING:
    from runtime.database import Connection, Database
    from runtime.vault import Vault

    Row = Mapping[str, Any]


class Moved(Protocol):
    """What a posting did to the wallet."""

    @property
    def after(self) -> Money:
        """The balance it left."""
        ...


class Booked(Protocol):
    """What became of a posting. `short`: an account cannot bear it, and nothing was posted."""

    @property
    def stands(self) -> bool:
        """True when its entries are in the book."""
        ...

    @property
    def short(self) -> bool:
        """True when an account of ours would go below zero."""
        ...

    @property
    def entry_ids(self) -> tuple[str, ...]:
        """What was posted, in order."""
        ...

    @property
    def wallet(self) -> Moved | None:
        """None when the wallet did not move."""
        ...


class VaultBooks(Protocol):
    """Where money of the vault is booked; the ledger's one writer stands behind it."""

    async def book(
        self, connection: "Connection", *, org: UUID, livemode: bool, posting: VaultPosting
    ) -> Booked:
        """Post in the caller's transaction."""
        ...


class _NotWritten(Exception):
    """Rolls the transaction back; carries why."""

    def __init__(self, trouble: Trouble) -> None:
        super().__init__(trouble)
        self.trouble = trouble


class Sagas:
    """Writes steps. Every step is idempotent by its key."""

    def __init__(self, database: "Database", vault: "Vault", books: VaultBooks) -> None:
        self._database = database
        self._addressing = Addressing(vault)
        self._books = books

    @activity.defn(name="saga.write")
    async def write(self, step: SagaStep) -> SagaWritten:
        """Write one step of a saga."""
        about = f"{step.saga.kind}.{step.to or step.believes}"
        await faultpoints.reach(f"{about}.before", step.saga.id)
        written = await self.commit(step)
        await faultpoints.reach(f"{about}.after", step.saga.id)
        return written

    async def commit(self, step: SagaStep) -> SagaWritten:
        """Write the step, or say why not: then nothing of it is written.

        Raises ApplicationError (not retryable) for a move the table of states does not hold.
        """
        org = ids.parsed(ids.ORG, step.saga.org_id)
        if step.notices or step.posting:
            await self._addressing.ready(org, livemode=step.saga.livemode)
        try:
            async with self._database.flowing(org, step.saga.livemode) as connection:
                return await self._commit(connection, step)
        except _NotWritten as not_written:
            return await self._standing(step, not_written.trouble)

    async def _commit(self, connection: "Connection", step: SagaStep) -> SagaWritten:
        row = await self._locked(connection, step)
        taken = await (await connection.execute(rows.TAKEN, [step.key])).fetchone()
        if taken is not None:
            if not hmac.compare_digest(taken["digest"], rows.digest(step)):
                raise _NotWritten(Trouble.MOVED)
            return SagaWritten(state=row["state"], fresh=False)
        _check(step, row["state"])
        await _first_or_alone(connection, step, row)
        moved = await _write(connection, step, row)
        fee = await taken_fees.due(connection, step)
        # Last: hot accounts stay locked from here on. The fee's are among those of its refund.
        booked = await self._post(connection, step, step.posting)
        await self._post(connection, step, fee)
        if step.case is not None:
            await rows.open_case(connection, step, row, step.case, _held(step, booked))
        await self._tell(connection, step, await self._low(connection, step, booked))
        return SagaWritten(
            state=moved["state"], instruction=step.instruct.state if step.instruct else None
        )

    async def _locked(self, connection: "Connection", step: SagaStep) -> "Row":
        saga_id = ids.parsed(ids.prefix_of(step.saga.id), step.saga.id)
        row = await (await connection.execute(rows.LOCK, [saga_id])).fetchone()
        if row is None:
            raise ApplicationError(f"{step.saga.id} is not there", type="RowMissing")
        return row

    async def _post(
        self, connection: "Connection", step: SagaStep, posting: VaultPosting | None
    ) -> Booked | None:
        if posting is None:
            return None
        org = ids.parsed(ids.ORG, step.saga.org_id)
        booked = await self._books.book(
            connection, org=org, livemode=step.saga.livemode, posting=posting
        )
        if not booked.stands:
            raise _NotWritten(Trouble.SHORT if booked.short else Trouble.DISPUTED)
        await faultpoints.reach("saga.booked", step.saga.id)
        return booked

    async def _low(
        self, connection: "Connection", step: SagaStep, booked: Booked | None
    ) -> LowWallet | None:
        """What to tell when this posting took the wallet below its threshold."""
        if booked is None or booked.wallet is None:
            return None
        org = ids.parsed(ids.ORG, step.saga.org_id)
        return await crossed(
            connection, org=org, livemode=step.saga.livemode, balance=booked.wallet.after
        )

    async def _tell(self, connection: "Connection", step: SagaStep, low: LowWallet | None) -> None:
        """Queue what is to be said; it goes out after the commit."""
        notices = [*step.notices, *([wallet_low(step, low)] if low else [])]
        if not notices:
            return
        org = ids.parsed(ids.ORG, step.saga.org_id)
        letters = await self._addressing.letters(
            connection, org, livemode=step.saga.livemode, notices=notices
        )
        for letter in letters:
            await message_rows.queue(connection, letter)

    async def _standing(self, step: SagaStep, trouble: Trouble) -> SagaWritten:
        """Where the rows stand, read after nothing was written."""
        org = ids.parsed(ids.ORG, step.saga.org_id)
        async with self._database.scoped(org, step.saga.livemode) as connection:
            row = await self._locked(connection, step)
            latest = await (await connection.execute(rows.LATEST, [row["id"]])).fetchone()
        state = AttemptState(latest["state"]) if latest else None
        return SagaWritten(state=row["state"], fresh=False, trouble=trouble, instruction=state)


def _check(step: SagaStep, state: str) -> None:
    if state not in {step.believes, step.perhaps}:
        raise _NotWritten(Trouble.MOVED)
    if step.to is not None and not saga_states.allowed(step.saga.kind, step.believes, step.to):
        move = f"{step.saga.kind} does not move from {state} to {step.to}"
        raise ApplicationError(move, type="IllegalMove", non_retryable=True)


async def _first_or_alone(connection: "Connection", step: SagaStep, row: "Row") -> None:
    """A further instruction is begun only where none before it may have moved money."""
    told = step.instruct
    if told is None or told.number == 1 or told.state is not AttemptState.SENDING:
        return
    if await rows.doubted(connection, row, told):
        raise _NotWritten(Trouble.DOUBTED)


def _held(step: SagaStep, booked: Booked | None) -> str | None:
    """The entry that holds money in suspense for the step's case: people decide about it."""
    suspends = step.posting is not None and step.posting.kind == "credit_suspended"
    return booked.entry_ids[-1] if suspends and booked else None


async def _write(connection: "Connection", step: SagaStep, row: "Row") -> "Row":
    await rows.keep(connection, step, row)
    moved = await rows.move(connection, step, row)
    if step.instruct is not None:
        await rows.instruct(connection, step, row, step.instruct)
    for report in step.evidence:
        await rows.evidence(connection, step, row, report)
    if step.closes is not None:
        await rows.close_cases(connection, step, row, step.closes)
    told = {"object": saga_object(moved), "previous_attributes": {"status": row["state"]}}
    for kind in step.events:
        await rows.event(connection, step, row, kind, told)
    return moved
