"""The SQL of the audit of escrows, read as kauri_system.

Each takes `rows` (ids of sagas), `names` (their public ids) and `payments` (ids of payments).
"""

#: By field of Facts.
OF_ESCROWS: dict[str, str] = {
    "sagas": """
select s.*, e.funded, e.taken from sagas s join escrows e on e.saga_id = s.id
 where s.id = any(%(rows)s)""",
    "parts": """
select p.*, r.state as refund_state from escrow_parts p left join sagas r on r.id = p.refund_id
 where p.saga_id = any(%(rows)s)""",
    "payments": """
select p.*, a.id as attempt from payments p
  join attempts a on a.payment_id = p.id where p.id = any(%(payments)s)""",
    "kept": """
select a.name, a.balance, (
    select min(l.balance_after) from ledger_lines l where l.account_id = a.id) as lowest
  from ledger_accounts a where split_part(a.name, ':', 1) = 'escrow'
   and split_part(a.name, ':', 3) = any(%(names)s)""",
    "released": """
select e.id, e.about, sum(case when a.name like '%%:payable' then
         case l.side when 'credit' then l.amount else -l.amount end end)::bigint as owed,
       sum(l.amount) filter (where a.name like 'escrow:%%')::bigint as part
  from ledger_entries e join ledger_lines l on l.entry_seq = e.seq
  join ledger_accounts a on a.id = l.account_id
 where e.about = any(%(names)s) and e.kind = 'released' group by e.seq""",
    "events": """
select object_id, type, count(*) as times from events
 where object_id = any(%(rows)s) group by 1, 2""",
    "waiting": """
select 'an escrow waits to be started' as says from starts
 where kind = 'escrow' and started_at is null and id = any(%(names)s)
 union all select 'a word for an escrow waits' from inbox
 where workflow_id = any(%(names)s) and delivered_at is null""",
}
