"""Walking a list that changes while it is read: no loan is missed, none comes twice.

Fineract pages by offset and has no "after this id". A loan that leaves the list while we
read moves all behind it one place forward, and a plain next page would skip one. So each page
begins with the last row seen, in the order of ids: where that row is not followed up, loans
left, and the walk steps back until it finds known ground. A row not above the last id seen
was told before. Only one number is kept, however long the list.
"""

from collections.abc import AsyncIterator, Awaitable, Callable

from models.reading import Reading, Reason, Verdict
from providers.mifos import records
from providers.mifos.connection import MifosRefused
from providers.wire import Fields

#: Asks for `limit` rows from `offset` in the order of ids.
Page = Callable[[int, int], Awaitable[Fields]]

_UNORDERED = Reading(
    verdict=Verdict.UNKNOWN,
    reason=Reason.PROVIDER_ERROR,
    provider_message="the list does not come in the order of ids",
)


async def walk(page: Page, *, after: int, limit: int) -> AsyncIterator[list[Fields]]:
    """Rows with an id above `after`, page by page.

    Raises MifosRefused where the list is not what was asked for, and what `page` raises.
    A row that joins below the last id seen is left to the next walk.
    """
    offset, last = 0, after
    while True:
        answer = await page(offset, limit)
        rows = records.page(answer)
        ids = _ids(rows)
        if offset and (not ids or ids[0] > last):
            offset = max(0, offset - limit + 1)
            continue
        fresh = [row for row, key in zip(rows, ids, strict=True) if key > last]
        if fresh:
            last = ids[-1]
            yield fresh
        offset += max(1, len(rows) - 1)
        total = records.number(answer.get("totalFilteredRecords"))
        if len(rows) < limit or (offset > total if total else not fresh):
            return


def _ids(rows: list[Fields]) -> list[int]:
    ids = [records.number(row.get("id")) or 0 for row in rows]
    if any(later <= earlier for earlier, later in zip([0, *ids], ids, strict=False)):
        raise MifosRefused(_UNORDERED)
    return ids
