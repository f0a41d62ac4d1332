"""What time alone changes: sessions nobody confirmed end, data past its date goes."""

from typing import Any

import psycopg

from activities.upkeep import Upkeep
from models import ids
from runtime.database import Database
from tests.activities.accepted import Accepted, accept
from tests.conftest import Urls


def run(urls: Urls, statement: str, *values: Any) -> list[Any]:
    with psycopg.connect(urls.admin, autocommit=True) as connection:
        cursor = connection.execute(statement, values)
        return cursor.fetchall() if cursor.description else []


def never_confirmed(urls: Urls, *, expired: bool) -> Accepted:
    session = accept(urls.admin, status="requires_payment_method")
    checkout = ids.parsed("cs", session.checkout)
    due = "now() - interval '1 second'" if expired else "now() + interval '1 hour'"
    run(urls, "delete from attempts where checkout_id = %s", checkout)
    run(urls, f"update checkouts set state = 'open', expires_at = {due} where id = %s", checkout)
    return session


def state(urls: Urls, session: Accepted) -> tuple[str, str]:
    query = """select c.state, p.status from checkouts c join payments p on p.checkout_id = c.id
      where c.id = %s"""
    found: tuple[str, str] = run(urls, query, ids.parsed("cs", session.checkout))[0]
    return found


async def test_a_session_nobody_confirmed_expires_and_the_merchant_is_told_once(
    urls: Urls, database: Database
) -> None:
    due, young = never_confirmed(urls, expired=True), never_confirmed(urls, expired=False)
    upkeep = Upkeep(database)
    assert (await upkeep.expire_sessions(), await upkeep.expire_sessions()) == (1, 0)
    assert state(urls, due) == ("expired", "canceled")
    assert state(urls, young) == ("open", "requires_payment_method")
    told = run(urls, "select type from events where object_id = %s", ids.parsed("pay", due.payment))
    assert told == [("payment.canceled",)]


async def test_stored_answers_go_after_thirty_days_and_not_before(
    urls: Urls, database: Database
) -> None:
    org = ids.parsed("org", accept(urls.admin).org)
    for key, days in (("old", 31), ("young", 29)):
        run(
            urls,
            """insert into idempotency_keys (org_id, livemode, method, path, key, fingerprint,
                 status, body, created_at)
               values (%s, false, 'POST', '/v1/checkouts', %s, '', 201, '',
                       now() - make_interval(days => %s))""",
            org,
            key,
            days,
        )
    await Upkeep(database).purge()
    assert run(urls, "select key from idempotency_keys where org_id = %s", org) == [("young",)]
