-- What a partner wants of payments on its pay bill, before the money moves (docs/collections.md).

-- Without a row nothing is turned away. `registered_at`: when Daraja was told our addresses, for
-- that short code; there it stands for ever.
create table collection_rules (
  org_id uuid not null references orgs, livemode boolean not null,
  reject_unmatched boolean not null default false,
  minimum bigint check (minimum > 0), maximum bigint check (maximum > 0),
  registered_short_code text, registered_at timestamptz,
  updated_at timestamptz not null default now(), primary key (org_id, livemode),
  check (minimum is null or maximum is null or minimum <= maximum));
call scope_to_org('collection_rules');
grant select, insert, update on collection_rules to kauri_app;

-- A confirmation and a reversal are looked for by the receipt they name.
create index sagas_by_receipt on sagas (org_id, livemode, (data->>'receipt'))
  where kind = 'c2b_receipt';
