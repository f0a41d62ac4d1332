"""Walking a list of approved loans while loans leave it, join it, or the server is old."""

from collections.abc import Callable

import httpx
import pytest

from models.reading import Reason
from providers.mifos.client import MifosClient
from providers.mifos.connection import MifosRefused
from tests.providers.sheets.mifos import a_client, a_loan, wire


class Lender:
    """A list by id. `between` runs before each page, as officers do."""

    def __init__(self, *ids: int, between: Callable[["Lender", int], None] | None = None) -> None:
        self.statuses = dict.fromkeys(ids, 200)
        self.pages = 0
        self.longest = 0
        self.filters = True
        self._between = between

    def __call__(self, request: httpx.Request) -> httpx.Response:
        """One page."""
        if self._between:
            self._between(self, self.pages)
        self.pages += 1
        query = request.url.params
        assert (query["orderBy"], query["sortOrder"], query["status"]) == ("id", "ASC", "200")
        shown = [key for key, status in sorted(self.statuses.items()) if self._lists(status)]
        start = int(query["offset"])
        page = shown[start : start + int(query["limit"])]
        self.longest = max(self.longest, len(page))
        rows = [a_loan(self.statuses[key], id=key) for key in page]
        body = {"totalFilteredRecords": len(shown), "pageItems": rows}
        return httpx.Response(200, content=wire(body))

    def _lists(self, status: int) -> bool:
        return status == 200 or not self.filters


async def walked(client: MifosClient, *, after: int = 0, limit: int = 4) -> list[int]:
    """Ids in the order they came."""
    return [
        loan.id
        async for page in client.approved_loans(after_id=after, limit=limit)
        for loan in page
    ]


@pytest.mark.parametrize("count", [0, 1, 3, 4, 5, 7, 8, 23])
async def test_a_list_that_stands_still_is_read_whole(count: int) -> None:
    client, _ = a_client(Lender(*range(1, count + 1)))
    assert await walked(client) == list(range(1, count + 1))


async def test_a_walk_goes_on_after_an_id() -> None:
    client, _ = a_client(Lender(*range(1, 24)))
    assert await walked(client, after=9) == list(range(10, 24))


@pytest.mark.parametrize("leave", [1, 2, 4, 6, 9])
async def test_loans_that_leave_hide_none_behind_them(leave: int) -> None:
    def pay(lender: Lender, page: int) -> None:
        if page:
            for key in [key for key in lender.statuses if lender.statuses[key] == 200][:leave]:
                lender.statuses[key] = 300

    lender = Lender(*range(1, 31), between=pay)
    client, _ = a_client(lender)
    seen = await walked(client)
    waiting = [key for key, status in lender.statuses.items() if status == 200]
    assert len(seen) == len(set(seen))
    assert set(waiting) <= set(seen)


async def test_loans_that_join_below_bring_none_twice() -> None:
    def approve(lender: Lender, page: int) -> None:
        lender.statuses[100 - page] = 200

    client, _ = a_client(Lender(*range(101, 121), between=approve))
    seen = await walked(client)
    assert [key for key in seen if key > 100] == list(range(101, 121))
    assert len(seen) == len(set(seen))


async def test_an_old_server_lists_every_status_and_we_choose() -> None:
    lender = Lender(*range(1, 13))
    lender.filters = False
    lender.statuses |= {2: 100, 5: 300, 6: 300, 7: 300, 8: 300, 12: 500}
    client, _ = a_client(lender)
    assert await walked(client) == [1, 3, 4, 9, 10, 11]


async def test_ten_thousand_loans_are_read_a_page_at_a_time() -> None:
    lender = Lender(*range(1, 10_001))
    client, _ = a_client(lender)
    assert len(await walked(client, limit=500)) == 10_000
    assert (lender.longest, lender.pages) == (500, 21)


async def test_a_list_without_order_is_not_trusted() -> None:
    rows = [a_loan(200, id=key) for key in (2, 1)]
    answer = httpx.Response(200, content=wire({"totalFilteredRecords": 2, "pageItems": rows}))
    client, _ = a_client(answer)
    with pytest.raises(MifosRefused) as refused:
        await walked(client)
    assert refused.value.reading.reason is Reason.PROVIDER_ERROR


async def test_a_server_that_ignores_the_offset_does_not_hold_us_for_ever() -> None:
    rows = [a_loan(200, id=key) for key in range(1, 5)]
    answer = httpx.Response(200, content=wire({"totalFilteredRecords": 9, "pageItems": rows}))
    client, sent = a_client(answer)
    assert await walked(client) == [1, 2, 3, 4]
    assert len(sent) == 4
