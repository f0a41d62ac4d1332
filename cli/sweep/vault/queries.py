"""The SQL of the audit of lenders' sagas, read as kauri_system.

Each takes `rows` (ids of sagas) and `names` (their public ids); `claims` and `rung` are of all
collections there are.
"""

#: By field of Facts.
OF_SAGAS: dict[str, str] = {
    "sagas": "select * from sagas where id = any(%(rows)s)",
    "instructions": "select * from instructions where saga_id = any(%(rows)s) order by number",
    "bookings": """
select e.id, e.about, a.name as account,
       case l.side when 'debit' then l.amount else -l.amount end as minor
  from ledger_entries e join ledger_lines l on l.entry_seq = e.seq
  join ledger_accounts a on a.id = l.account_id
 where e.about = any(%(names)s)""",
    "transitions": """
select * from transitions
 where checkout_id = any(%(rows)s) and object = 'saga' order by seq""",
    "cases": "select * from cases where saga_id = any(%(rows)s)",
    "messages": "select * from messages where about = any(%(names)s)",
    "claims": "select id, data->>'receipt' as receipt from sagas where kind = 'c2b_receipt'",
    "rung": """
select n.saga_id, n.our_reference from instructions n join sagas s on s.id = n.saga_id
 where n.rail = 'mpesa_stk' and s.kind = 'c2b_receipt'""",
    "starts": "select * from starts where id = any(%(names)s)",
    "inbox": """
select i.*, coalesce(n.saga_id, i.attempt_id) as saga_id
  from inbox i left join instructions n on n.id = i.attempt_id
 where coalesce(n.saga_id, i.attempt_id) = any(%(rows)s) and i.delivered_at is null""",
}
