-- Whether M-Pesa is asked about a payment before it is posted (docs/collections.md): whoever knows
-- the address of confirmations can write one.
alter table collection_rules add column confirm text not null default 'query'
  check (confirm in ('none','query'));
