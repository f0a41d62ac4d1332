"""The SQL of the audit, read as kauri_system.

Each takes `rows` (ids of payments), `names` (their public ids) and `sessions` (public ids of
their checkouts).
"""

#: By field of Facts.
OF_PAYMENTS: dict[str, str] = {
    "payments": """
select p.*, c.state as checkout_state,
       (select count(*) from payments q where q.org_id = p.org_id and q.reference = p.reference)
         as with_reference
  from payments p join checkouts c on c.id = p.checkout_id where p.id = any(%(rows)s)""",
    "attempts": "select * from attempts where payment_id = any(%(rows)s) order by number",
    "bookings": """
select e.id, e.kind, e.currency, e.about,
       sum(case l.side when 'debit' then l.amount else -l.amount end)::bigint as minor
  from ledger_entries e join ledger_lines l on l.entry_seq = e.seq
  join ledger_accounts a on a.id = l.account_id and a.name like 'provider:%%:float'
 where e.about = any(%(names)s) group by e.seq""",
    "transitions": """
select t.* from transitions t join payments p on p.checkout_id = t.checkout_id
 where p.id = any(%(rows)s) order by t.seq""",
    "events": "select * from events where object_id = any(%(rows)s) order by sequence",
    "deliveries": "select * from deliveries where object_id = any(%(rows)s)",
    "starts": "select * from starts where id = any(%(sessions)s)",
    "inbox": """
select i.* from inbox i join attempts a on a.id = i.attempt_id
 where a.payment_id = any(%(rows)s)""",
    "cases": "select * from cases where payment_id = any(%(rows)s)",
}
