"""The benchmark itself works; its numbers are for `make bench`."""

from typing import Any

import psycopg

from benchmarks.ledger import measure


async def test_a_short_run_counts_what_it_posted_on_many_and_on_hot_accounts(urls: Any) -> None:
    measured = await measure(urls.app, seconds=0.2, connections=4)
    assert measured["many_accounts_per_second"] > 0
    assert measured["hot_accounts_per_second"] > 0
    with psycopg.connect(urls.admin) as connection:
        posted = connection.execute("select count(*) from ledger_entries").fetchone()
        setting = connection.execute("show synchronous_commit").fetchone()
    assert posted is not None
    assert setting is not None
    assert measured["synchronous_commit"] == setting[0]
    assert posted[0] > 500
