-- The vault: one row per loan disbursement, top-up, float purchase and collection, and one per
-- instruction to an outside system (docs/adr/012-one-table-of-sagas.md).

-- `claim`: what no other row of the kind may hold at the same time: a loan, a short code, a receipt.
create table sagas (
  id uuid primary key, org_id uuid not null references orgs, livemode boolean not null,
  kind text not null check (kind in ('loan_disbursement','wallet_topup','float_purchase','c2b_receipt')),
  state text not null, claim text, reference text, amount bigint, currency text,
  data jsonb not null default '{}', needs_review boolean not null default false,
  next_check_at timestamptz, created_at timestamptz not null default now(),
  updated_at timestamptz not null default now());
create unique index sagas_claim on sagas (livemode, kind, claim) where claim is not null;
create unique index sagas_reference on sagas (org_id, livemode, kind, reference) where reference is not null;
create index sagas_list on sagas (org_id, livemode, kind, created_at desc, id desc);
create index sagas_review on sagas (kind, created_at) where needs_review or state in ('unknown','parked');
-- What was paid of a product on one day, for its limits; who has a loan, and which wait, for polls.
create index sagas_loan_day on sagas (org_id, livemode, (data->>'day')) where kind = 'loan_disbursement';
create index sagas_loan on sagas (org_id, livemode, (data->>'loan')) where kind = 'loan_disbursement';
create index sagas_parked on sagas (org_id, livemode) where state = 'parked';
call scope_to_org('sagas');
call except_from_scope('sagas','kauri_system','select, update','operators look and the inbox finds sagas across organisations');
grant select, insert, update on sagas to kauri_app;

-- A second instruction on the same rail exists only where the first provably moved no money.
create table instructions (
  id uuid primary key, org_id uuid not null, livemode boolean not null,
  saga_id uuid not null references sagas, number int not null, rail text not null,
  state text not null check (state in ('created','sending','accepted','awaiting_customer','unknown',
    'not_received','needs_review','succeeded','failed','rejected','reversed')),
  our_reference text not null, provider_reference text, receipt text, reason text, provider_code text,
  amount bigint, currency text, created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(), unique (saga_id, rail, number),
  unique (livemode, rail, our_reference));
create unique index instructions_one_open on instructions (saga_id, rail)
  where state not in ('rejected','failed','not_received');
create index instructions_by_receipt on instructions (receipt);
call scope_to_org('instructions');
call except_from_scope('instructions','kauri_system','select','a result names only its instruction; operators search receipts');
grant select, insert, update on instructions to kauri_app;

-- Every step a saga took, once for ever. `digest` tells whether a repeat is the same step.
create table saga_steps (
  key text primary key, org_id uuid not null, livemode boolean not null, saga_id uuid not null,
  digest bytea not null, at timestamptz not null);
create index saga_steps_of on saga_steps (saga_id, at);
call scope_to_org('saga_steps');
grant select, insert on saga_steps to kauri_app;

-- Cases are about a saga as well as about a payment.
alter table cases alter column checkout_id drop not null, alter column payment_id drop not null,
  alter column attempt_id drop not null, add column saga_id uuid,
  add column data jsonb not null default '{}', drop constraint cases_kind_check,
  add constraint cases_about_something check (
    saga_id is not null or attempt_id is not null or entry_id is not null);
create index cases_of_saga on cases (saga_id) where saga_id is not null;

-- What comes in for a saga: results of instructions, arrivals at a standing address, requests.
alter table inbox drop constraint inbox_kind_check, add column slug text,
  add constraint inbox_kind_check check (kind in ('callback','attempt','cancel',
    'result','arrival','request'));
insert into retention values ('saga_step','saga_steps',3650,'whole row');

-- One-time codes: only their HMAC. One open code per purchase; guesses are counted here.
create table otps (
  id uuid primary key, org_id uuid not null, livemode boolean not null,
  saga_id uuid not null references sagas, number int not null, digest bytea not null,
  tries int not null default 0 check (tries between 0 and 5),
  created_at timestamptz not null default now(), expires_at timestamptz not null,
  spent_at timestamptz, voided_at timestamptz, unique (saga_id, number),
  check (spent_at is null or voided_at is null));
create unique index otps_one_open on otps (saga_id) where spent_at is null and voided_at is null;
create index otps_sent on otps (org_id, livemode, created_at);
call scope_to_org('otps');
grant select, insert, update on otps to kauri_app;
