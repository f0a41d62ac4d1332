"""A file of payouts becomes rows: each checked, sealed, and held where it looks like another."""

import asyncio
import json
from collections.abc import Callable, Iterator, Mapping
from itertools import islice
from typing import TYPE_CHECKING, Any

from pydantic import TypeAdapter
from temporalio import activity

from activities import approval_rows, batch_rows, payout_rows
from activities.cooling import see_batch
from activities.payout_rules import rail_for
from activities.pulse import beating
from models import faultpoints, ids
from models.batch_limits import FileRefused
from models.batch_rows import KeptRow, RawRow, RowDraft, RowRules, RowWrong, checked
from models.card_numbers import without_card_numbers
from models.charge import Limits
from models.money import Money
from models.payout_batch import BatchOrder, BatchRead, RowState, Tally
from models.payout_order import PayoutDraft, PayoutNotTaken, PayoutRefusal
from models.payout_policy import ALL, approval_needed

if TYPE_CHECKING:
    from activities.payout_accepting import PayoutDesk
    from runtime.database import Connection, Database

#: How rows and files are sealed.
ROW_FIELD, FILE_FIELD = "payout_row", "payout_file"
#: Rows of one transaction.
PAGE = 500
_PURPOSE = "Payout"
_EMPTY = "the file has no row below its headings"
_NOTHING = "no row can be paid; see the file of errors"
_UNREADABLE = "the file cannot be read; save it again as CSV and send that"
KEPT: TypeAdapter[KeptRow] = TypeAdapter(KeptRow)
#: Reads a file row by row; raises FileRefused.
Reads = Callable[[bytes], Iterator[RawRow]]
_Checked = RowWrong | PayoutDraft


class BatchReading:
    """Reads the file of a batch. `reads` knows the formats."""

    def __init__(self, database: "Database", desk: "PayoutDesk", reads: Reads) -> None:
        self._database, self._desk, self._reads = database, desk, reads

    @activity.defn(name="batch.read")
    async def read(self, order: BatchOrder) -> BatchRead:
        """Read every row once; run again it goes on after the last row that was kept."""
        async with beating():
            try:
                await self._keep_rows(order)
            except FileRefused as no:
                await self._give_up(order)
                return BatchRead(refused=str(no))
            await faultpoints.reach("batch.screen.before", order.saga.id)
            return await self._screened(order)

    async def _keep_rows(self, order: BatchOrder) -> None:
        org, batch = order.org, order.batch
        async with self._database.scoped(org, order.saga.livemode) as connection:
            known = await batch_rows.last_line(connection, batch)
            kept = await batch_rows.file_of(connection, batch)
        content = await self._desk.vault.unseal(
            org, livemode=order.saga.livemode, field=FILE_FIELD, sealed=kept["content_sealed"]
        )
        rows = (row for row in self._reads(content) if row.line > known)
        while page := await asyncio.to_thread(self._page, rows, order):
            new = [await self._row(order, raw, one) for raw, one in page]
            async with self._database.scoped(org, order.saga.livemode) as connection:
                await batch_rows.add(connection, batch, new)
            await faultpoints.reach("batch.page.after", order.saga.id)

    def _page(self, rows: Iterator[RawRow], order: BatchOrder) -> list[tuple[RawRow, _Checked]]:
        """The next rows, checked. Raises FileRefused.

        The same bytes fail the same way at every attempt: what nobody foresaw refuses the file
        too. Of the error its type alone is told, for its text may hold what the file does.
        """
        rules = RowRules(currency=order.currency, country=order.country)
        try:
            return [(raw, self._checked(raw, rules, order)) for raw in islice(rows, PAGE)]
        except FileRefused:
            raise
        except Exception as error:
            activity.logger.error("%s: reading it raised %s", order.saga.id, type(error).__name__)
            raise FileRefused(_UNREADABLE) from error

    def _checked(self, raw: RawRow, rules: RowRules, order: BatchOrder) -> _Checked:
        found = checked(raw, rules)
        if isinstance(found, RowWrong):
            return found
        draft = draft_of(order, found)
        try:
            rail = rail_for(draft, self._desk.rails, self._desk.predicts)
        except PayoutNotTaken as no:
            return RowWrong(line=raw.line, problems=(self._in_words(no, draft),))
        return draft_of(order, found, method=rail.name)

    def _in_words(self, no: PayoutNotTaken, draft: PayoutDraft) -> str:
        """Why no rail takes it; amounts as the file writes them, in whole units."""
        named = draft.method or self._desk.predicts(draft.payee.wallet or "")
        rail = self._desk.rails.get(named or "")
        limit = rail.limit(draft.amount.currency) if rail else None
        if no.code is not PayoutRefusal.AMOUNT_NOT_CARRIED or rail is None or limit is None:
            return f"{no.field.rpartition('/')[2] or 'row'}: {no}"
        least, most = Money(limit.minimum, limit.currency), Money(limit.maximum, limit.currency)
        return f"amount: {rail.title} carries {least} to {most}, in steps of {_units(limit)}"

    async def _row(self, order: BatchOrder, raw: RawRow, found: _Checked) -> Mapping[str, Any]:
        org, vault, mode = order.org, self._desk.vault, order.saga.livemode
        if isinstance(found, RowWrong):
            state, said = RowState.INVALID, json.dumps(_sent(raw))
            shown: Mapping[str, Any] = {"reason": "; ".join(found.problems)}
        else:
            state, said = RowState.READY, KEPT.dump_json(_kept(found)).decode()
            shown = {
                "amount": found.amount.minor,
                "currency": found.amount.currency,
                "method": found.method,
                "reference": found.reference,
                "payee_masked": found.payee.shown,
                "payee_lookup": await vault.lookup(org, livemode=mode, value=found.payee.same),
            }
        sealed = await vault.seal(org, livemode=mode, field=ROW_FIELD, plain=said.encode())
        return {
            "id": ids.uuid7(),
            "line": raw.line,
            "state": str(state),
            "payee_sealed": sealed,
            **shown,
        }

    async def _screened(self, order: BatchOrder) -> BatchRead:
        org, batch = order.org, order.batch
        async with self._database.scoped(org, order.saga.livemode) as connection:
            await batch_rows.hold_duplicates(connection, batch)
            tally = await batch_rows.tally(connection, batch)
            if not tally.open:
                return BatchRead(tally=tally, refused=_NOTHING if tally.counts else _EMPTY)
            needed = await self._needs_approval(connection, order, tally)
            policy = await payout_rows.policy(connection)
            alone = needed and not await approval_rows.somebody_may_approve(connection, order.maker)
            if not alone:
                await see_batch(connection, batch)
        if alone:
            told = "the sum needs a second person: mint a key with the scope payouts:approve"
            await self._give_up(order)
            return BatchRead(tally=tally, refused=told)
        return BatchRead(tally=tally, approval=needed, life=policy.approval_hours * 3600.0)

    async def _needs_approval(
        self, connection: "Connection", order: BatchOrder, tally: Tally
    ) -> bool:
        """Whether the sum, or the part of it that goes by one rail, is above a limit."""
        batch = order.batch
        sums = {ALL: tally.amount(RowState.READY, RowState.HELD_DUPLICATE)}
        sums |= await batch_rows.sums(connection, batch)
        for rail, minor in sums.items():
            limits = await payout_rows.limits(connection, rail, order.currency)
            if approval_needed(limits, minor):
                return True
        return False

    async def _give_up(self, order: BatchOrder) -> None:
        org, batch = order.org, order.batch
        async with self._database.scoped(org, order.saga.livemode) as connection:
            await batch_rows.drop_waiting(connection, batch)


def draft_of(order: BatchOrder, row: RowDraft, *, method: str | None = None) -> PayoutDraft:
    """The payout a row asks for. What was approved is the batch."""
    return PayoutDraft(
        org=order.org,
        livemode=order.saga.livemode,
        amount=row.amount,
        payee=row.payee,
        maker=order.maker,
        purpose=row.purpose or _PURPOSE,
        method=method or row.method,
        reference=row.reference,
        approved_in=order.saga.id,
        batch=order.saga.id,
    )


def _units(limit: Limits) -> Money:
    return Money(limit.step, limit.currency)


def _sent(raw: RawRow) -> dict[str, str]:
    """The cells to be corrected and sent again, without card numbers."""
    return {str(column): without_card_numbers(cell) for column, cell in raw.cells.items()}


def _kept(draft: PayoutDraft) -> KeptRow:
    return KeptRow(payee=draft.payee, purpose=draft.purpose)
