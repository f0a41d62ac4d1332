-- Batches of payouts: the file as it came, and one row per row of it (docs/batches.md).

-- The file is kept sealed beside its batch and goes through no payload. `currency` is the
-- batch's; `country` that of national numbers.
create table payout_files (
  batch_id uuid primary key references sagas, org_id uuid not null, livemode boolean not null,
  format text not null check (format in ('csv','xlsx')), size int not null, digest bytea not null,
  content_sealed bytea not null, created_at timestamptz not null default now());
call scope_to_org('payout_files');
call except_from_scope('payout_files','kauri_system','select, update','keys are changed and old files purged across organisations');
grant select, insert, update on payout_files to kauri_app;
insert into retention values ('payout_file','payout_files',90,'content');

-- A row becomes one payout and never a second: its id is the claim of the payout. `payee_sealed`
-- holds the beneficiary, or the cells of a row that is wrong. `held_for`: what it looks like.
create table payout_rows (
  id uuid primary key, org_id uuid not null, livemode boolean not null,
  batch_id uuid not null references sagas, line int not null,
  state text not null check (state in ('invalid','held_duplicate','ready','under_way','paid',
    'failed','returned','refused','skipped','canceled')),
  amount bigint check (amount > 0), currency text, method text, reference text,
  payee_masked text, payee_lookup bytea, payee_sealed bytea not null,
  payout_id uuid unique references sagas, held_for text check (held_for in ('same_reference','same_payee')),
  like_line int, like_payout uuid, released_by text, reason text,
  created_at timestamptz not null default now(), updated_at timestamptz not null default now(),
  unique (batch_id, line),
  check (state = 'invalid' or (amount is not null and payee_lookup is not null)),
  check ((payout_id is not null) = (state in ('under_way','paid','failed','returned'))
    or (payout_id is not null and state = 'canceled')));
create index payout_rows_waiting on payout_rows (batch_id, state, line) include (amount);
create index payout_rows_same on payout_rows (org_id, livemode, payee_lookup, amount)
  where state in ('ready','held_duplicate');
create index payout_rows_reference on payout_rows (org_id, livemode, reference)
  where reference is not null and state in ('ready','held_duplicate');
call scope_to_org('payout_rows');
call except_from_scope('payout_rows','kauri_system','select, update','keys are changed and old rows purged across organisations');
grant select, insert, update on payout_rows to kauri_app;
insert into retention values ('payout_row','payout_rows',3650,'whole row');
