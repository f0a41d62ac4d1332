"""The SQL of the audit of desks, read as kauri_system.

Each takes `cases` (ids; `named`: their public ones), `minors` (amounts nothing else has),
`payments` and `topups` (public ids).
"""

#: By field of Facts.
OF_DESKS: dict[str, str] = {
    "cases": """
select * from cases where id = any(%(cases)s)
   or kind = 'unmatched_credit' and amount = any(%(minors)s)""",
    "lines": """
select e.id, e.about, a.name as account, l.amount,
       case l.side when 'debit' then l.amount else -l.amount end as minor
  from ledger_entries e join ledger_lines l on l.entry_seq = e.seq
  join ledger_accounts a on a.id = l.account_id
 where e.about = any(%(payments)s) or l.amount = any(%(minors)s)
    or (e.about ^@ 'rf_' and a.name ^@ 'suspense:')""",
    "refunds": """
select id, state, data->>'case' as subject from sagas
 where kind = 'refund' and data->>'case' = any(%(named)s)""",
    "told": """
select step, count(*) as times from events
 where step = any(%(decided)s) group by step""",
    "messages": "select * from messages where about = any(%(topups)s)",
    "topups": "select * from sagas where id = any(%(rows)s)",
    "believed": "select digest from inbox where slug in ('kb2','kb3')",
    "waiting": """
select 'a credit waits to be started' as says from starts
 where kind = 'bank-credit' and started_at is null
 union all select 'a bank notice waits to be delivered' from inbox
 where slug in ('kb2','kb3') and delivered_at is null""",
}
