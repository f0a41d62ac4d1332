"""Files handed out about a batch: what is wrong in it, and what became of every row.

Both are written page by page: memory holds one page, however many rows there are.
"""

import json
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Sequence
from typing import Any
from uuid import UUID

from starlette.responses import StreamingResponse

from activities.batch_reading import ROW_FIELD
from api.keys import Caller
from api.parts import Parts
from api.queries import payout_batches as queries
from api.queries.payout_batches import Row
from models import ids
from models.batch_columns import Column
from models.batch_output import csv_lines
from models.money import Money
from runtime.database import Connection

#: Rows read at once.
_PAGE = 1_000
_ERRORS = ("row", "error", *Column)
_RESULTS = (
    "row", "status", "payout", "payout_status", "amount", "currency", "method", "payee",
    "reference", "receipt", "reason", "like_row", "like_payout",
)  # fmt: skip
_Reads = Callable[[Connection, UUID, int, int], Awaitable[Sequence[Row]]]
_Cells = Callable[[Row], Awaitable[Iterable[object]]]


class BatchFiles:
    """The files of one batch, for its organisation."""

    def __init__(self, parts: Parts, caller: Caller, batch: UUID) -> None:
        self._parts, self._caller, self._batch = parts, caller, batch

    def errors(self) -> StreamingResponse:
        """Rows that cannot be paid, with everything that is wrong with each, to be corrected."""
        return self._file("errors", self._lines(_ERRORS, queries.wrong_rows, self._wrong))

    def results(self) -> StreamingResponse:
        """Every row with what became of it until now. Payees are masked."""
        return self._file("result", self._lines(_RESULTS, queries.results, _result))

    def _file(self, what: str, lines: AsyncIterator[str]) -> StreamingResponse:
        name = f"{ids.shown(ids.BATCH, self._batch)}-{what}.csv"
        told = {"content-disposition": f'attachment; filename="{name}"'}
        return StreamingResponse(lines, media_type="text/csv; charset=utf-8", headers=told)

    async def _lines(
        self, header: Sequence[str], reads: _Reads, cells: _Cells
    ) -> AsyncIterator[str]:
        # The mark tells spreadsheets that it is UTF-8.
        yield "\ufeff" + csv_lines([header])
        after = 0
        while rows := await self._page(reads, after):
            yield csv_lines([await cells(row) for row in rows])
            after = rows[-1]["line"]

    async def _page(self, reads: _Reads, after: int) -> Sequence[Row]:
        caller = self._caller
        async with self._parts.database.scoped(caller.org, caller.livemode) as connection:
            return await reads(connection, self._batch, after, _PAGE)

    async def _wrong(self, row: Row) -> Iterable[object]:
        plain = await self._parts.vault.unseal(
            self._caller.org,
            livemode=self._caller.livemode,
            field=ROW_FIELD,
            sealed=row["payee_sealed"],
        )
        sent: dict[str, Any] = json.loads(plain)
        return [row["line"], row["reason"], *(sent.get(column) for column in Column)]


async def _result(row: Row) -> Iterable[object]:
    payout, like = row["payout_id"], row["like_payout"]
    money = Money(row["amount"], row["currency"]) if row["amount"] else None
    return [
        row["line"],
        row["state"],
        ids.shown(ids.PAYOUT, payout) if payout else None,
        row["payout_state"],
        money.decimal() if money else None,
        row["currency"],
        row["method"],
        row["payee_masked"],
        row["reference"],
        row["receipt"] or row["provider_reference"],
        row["reason"],
        row["like_line"],
        ids.shown(ids.PAYOUT, like) if like else None,
    ]
