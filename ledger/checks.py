"""The invariants of the ledger as queries: each counts what breaks it and names the first.

Numbers I1… are those of docs/ledger.md. Run in a transaction of the system role, which reads
all organisations.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from psycopg import AsyncConnection
from psycopg.rows import tuple_row

from ledger.chain import broken_links
from ledger.holds import stale_holds

_SIGNED = "case l.side when 'debit' then l.amount else -l.amount end"
_NORMAL = "case l.side when a.normal then l.amount else -l.amount end"

#: Invariant, what is true when it holds, and the query whose rows break it (first column: who).
QUERIES: tuple[tuple[str, str, str], ...] = (
    (
        "I1",
        "debits equal credits in every entry, in one currency, with every line there",
        f"""select e.id from ledger_entries e
              left join ledger_lines l on l.entry_seq = e.seq
              left join ledger_accounts a on a.id = l.account_id and a.currency = e.currency
             group by e.seq
            having count(a.id) <> e.line_count or coalesce(sum({_SIGNED}), 1) <> 0
                or count(*) filter (where a.type = 'memo') not in (0, count(*))""",
    ),
    (
        "I1 orphans",
        "every line belongs to an entry",
        """select l.entry_seq::text from ledger_lines l
            where not exists (select from ledger_entries e where e.seq = l.entry_seq)""",
    ),
    (
        "I2",
        "the balance of an account is the sum of its lines",
        f"""select a.name from ledger_accounts a left join ledger_lines l on l.account_id = a.id
             group by a.id having a.balance <> coalesce(sum({_NORMAL}), 0)""",
    ),
    (
        "I2 running",
        "the balance after each line follows from the line before",
        f"""select name || ' ' || entry_seq from (
              select a.name, l.entry_seq,
                     l.balance_after - {_NORMAL}
                       - coalesce(lag(l.balance_after) over each, 0) as jump
                from ledger_lines l join ledger_accounts a on a.id = l.account_id
              window each as (partition by l.account_id order by l.entry_seq, l.line_no)) steps
             where jump <> 0""",
    ),
    (
        "I3",
        "a payment is settled by one entry and an attempt's event is booked once",
        """select about from ledger_entries where kind = 'settled' and about is not null
            group by about having count(*) > 1
           union all
           select lower(id) from ledger_entries group by lower(id) having count(*) > 1""",
    ),
    (
        "I8",
        "what is given back of an entry never exceeds what it brought, and is given back once",
        f"""select e.id from ledger_entries e
              join ledger_entries r on r.reverses = e.id
              join ledger_lines l on l.entry_seq in (e.seq, r.seq)
              join ledger_accounts a on a.id = l.account_id and a.coverage = 'backs'
             group by e.id having count(distinct r.id) > 1 or sum({_SIGNED}) < 0""",
    ),
    (
        "I13",
        "floats, trust banks and clearing cover what customers may claim (top-up needed)",
        """select currency || case when livemode then ' live' else ' test' end || ' short of ' ||
                  sum(case coverage when 'claims' then balance else -balance end)
             from ledger_accounts where coverage <> 'none'
            group by currency, livemode
           having sum(case coverage when 'claims' then balance else -balance end) > 0""",
    ),
    (
        "I14",
        "every receipt is claimed once, by the entry that carries it",
        """select e.receipt from ledger_entries e where e.receipt is not null and not exists (
             select from provider_receipts p where p.livemode = e.livemode and p.entry_id = e.id
                and p.rail || ':' || p.account || ':' || p.receipt = e.receipt)
           union all
           select p.receipt from provider_receipts p
            where not exists (select from ledger_entries e where e.id = p.entry_id)
           union all
           select receipt from ledger_entries where receipt is not null
            group by livemode, receipt having count(*) > 1""",
    ),
    (
        "overdrafts",
        "no account that may not is below zero, floats apart (I13 watches those)",
        """select name from ledger_accounts
            where not overdraft and type in ('asset','liability') and coverage <> 'backs'
            group by livemode, currency, name having sum(balance) < 0""",
    ),
    (
        "memo",
        "memo accounts net to zero per organisation and currency",
        f"""select a.org_id::text from ledger_lines l join ledger_accounts a on a.id = l.account_id
             where a.type = 'memo' group by a.org_id, a.livemode, a.currency
            having sum({_SIGNED}) <> 0""",
    ),
    (
        "gate",
        "what a float says is reserved is the sum of the reservations that are granted",
        """select f.rail || ':' || f.wallet || ' ' || f.currency from floats f
            where f.reserved <> coalesce((select sum(r.amount) from float_reservations r
              where r.float_id = f.id and r.state = 'granted'), 0)""",
    ),
    (
        "chain lag",
        "entries are linked into their chain within ten minutes",
        """select e.id from ledger_entries e where e.at < now() - interval '10 minutes'
              and not exists (select from entry_chain c where c.entry_seq = e.seq)""",
    ),
)

Connection: TypeAlias = AsyncConnection[Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One invariant: how often it is broken (0: it holds) and the first that breaks it."""

    name: str
    says: str
    violations: int
    first: str | None = None

    def shown(self) -> Mapping[str, object]:
        """As `kauri ledger check --json` prints it."""
        return {
            "name": self.name,
            "says": self.says,
            "violations": self.violations,
            "first": self.first,
        }


async def check(connection: Connection) -> list[Check]:
    """Run every invariant query, walk the hash chains and look for holds nobody ends."""
    checks = [await _run(connection, *query) for query in QUERIES]
    left = await stale_holds(connection)
    broken = await broken_links(connection)
    return [
        *checks,
        _named("holds", "a saga that has ended holds nothing in the wallet, none too little", left),
        _named("I12", "the hash chains verify", broken),
    ]


def _named(name: str, says: str, broken: list[str]) -> Check:
    first = broken[0] if broken else None
    return Check(name=name, says=says, violations=len(broken), first=first)


async def _run(connection: Connection, name: str, says: str, query: str) -> Check:
    counted = f"select count(*), (array_agg(who))[1] from ({query}) as found(who)"
    async with connection.cursor(row_factory=tuple_row) as cursor:
        await cursor.execute(counted)
        violations, first = await cursor.fetchone() or (0, None)
    return Check(name=name, says=says, violations=violations, first=first)
