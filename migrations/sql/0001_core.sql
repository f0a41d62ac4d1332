-- Organisations, keys, checkouts, payments, attempts, evidence, outbox and inbox.
-- Roles are made by migrations/roles.py before this file runs.

create function app_org() returns uuid language sql stable as
$$ select nullif(current_setting('app.org', true), '')::uuid $$;
create function app_mode() returns boolean language sql stable as
$$ select nullif(current_setting('app.mode', true), '')::boolean $$;

-- Every policy that is not the plain organisation policy stands here; a test compares.
create table rls_exceptions (
  table_name text not null, policy_name text not null, role_name text not null,
  reason text not null, primary key (table_name, policy_name));
grant select on rls_exceptions to kauri_app, kauri_system;

-- The plain policy, and the named exception, each written once.
create procedure scope_to_org(target text) language plpgsql as $$
begin
  execute format('alter table %I enable row level security', target);
  execute format('alter table %I force row level security', target);
  execute format('create policy org_scope on %I to kauri_app using (org_id = app_org() and '
    'livemode = app_mode()) with check (org_id = app_org() and livemode = app_mode())', target);
end $$;
create procedure except_from_scope(target text, who text, grants text, why text)
language plpgsql as $$
declare policy text := who || '_policy';
begin
  execute format('create policy %I on %I to %I using (true) with check (true)', policy, target, who);
  execute format('grant %s on %I to %I', grants, target, who);
  insert into rls_exceptions values (target, policy, who, why);
end $$;

create table orgs (
  id uuid primary key, kind text not null check (kind in ('platform','merchant','partner','sacco')),
  name text not null, fee_basis_points int not null default 0 check (fee_basis_points between 0 and 10000),
  fee_fixed_minor bigint not null default 0 check (fee_fixed_minor >= 0),
  tax_basis_points int not null default 0 check (tax_basis_points between 0 and 10000),
  duplicate_reference text not null default 'refuse' check (duplicate_reference in ('refuse','warn')),
  created_at timestamptz not null default now());
insert into orgs (id, kind, name) values ('00000000-0000-7000-8000-000000000001','platform','Kauri');
alter table orgs enable row level security;
alter table orgs force row level security;
create policy org_itself on orgs to kauri_app using (id = app_org());
insert into rls_exceptions values ('orgs','org_itself','kauri_app','an organisation sees its own row; both modes share it');
call except_from_scope('orgs','kauri_system','select, insert','seeding organisations and reading their settings at accept');
grant select on orgs to kauri_app;

-- One data key per organisation and mode, wrapped by the key-encryption key named in `kek`.
create table data_keys (
  id uuid primary key, org_id uuid not null references orgs, livemode boolean not null,
  kek text not null, wrapped bytea not null, created_at timestamptz not null default now(),
  unique (org_id, livemode));
call scope_to_org('data_keys');
call except_from_scope('data_keys','kauri_system','select, insert','relay and callback inbox decrypt across organisations');
grant select, insert on data_keys to kauri_app;

create table api_keys (
  id uuid primary key, org_id uuid not null references orgs, livemode boolean not null,
  principal text not null, prefix text not null, digest bytea not null unique,
  scopes text[] not null, created_at timestamptz not null default now(),
  expires_at timestamptz, revoked_at timestamptz);
call scope_to_org('api_keys');
call except_from_scope('api_keys','kauri_system','select, insert, update','a key is looked up before its organisation is known');

create table idempotency_keys (
  org_id uuid not null, livemode boolean not null, method text not null, path text not null,
  key text not null, fingerprint bytea not null, status int not null, body bytea not null,
  created_at timestamptz not null default now(),
  primary key (org_id, livemode, method, path, key));
call scope_to_org('idempotency_keys');
call except_from_scope('idempotency_keys','kauri_system','select, delete','keys older than 30 days are purged for all organisations');
grant select, insert on idempotency_keys to kauri_app;

create table checkouts (
  id uuid primary key, org_id uuid not null references orgs, livemode boolean not null,
  state text not null check (state in ('open','processing','complete','expired','canceled')),
  amount bigint not null check (amount > 0), currency text not null, reference text not null,
  description text not null default '', success_url text, cancel_url text,
  metadata jsonb not null default '{}', expires_at timestamptz not null,
  cancel_requested_at timestamptz, created_at timestamptz not null default now(),
  updated_at timestamptz not null default now());
create index checkouts_list on checkouts (org_id, livemode, created_at desc, id desc);
create index checkouts_never_confirmed on checkouts (expires_at) where state = 'open';
call scope_to_org('checkouts');
call except_from_scope('checkouts','kauri_system','select, update','expiry schedule, relay and operators work across organisations');
grant select, insert, update on checkouts to kauri_app;

-- reference_guard holds the reference while the organisation refuses duplicates.
create table payments (
  id uuid primary key, org_id uuid not null, livemode boolean not null,
  checkout_id uuid not null unique references checkouts,
  status text not null check (status in ('requires_payment_method','requires_action','processing',
    'unknown','succeeded','canceled','reversed')),
  amount bigint not null, currency text not null, reference text not null, reference_guard text,
  amount_received bigint not null default 0, amount_refunded bigint not null default 0,
  needs_review boolean not null default false, next_check_at timestamptz,
  created_at timestamptz not null default now(), updated_at timestamptz not null default now());
create unique index payments_reference on payments (org_id, livemode, reference_guard)
  where status <> 'canceled';
create index payments_by_reference on payments (org_id, livemode, reference);
create index payments_list on payments (org_id, livemode, created_at desc, id desc);
create index payments_unresolved on payments (status) where status in ('unknown','processing','requires_action') or needs_review;
call scope_to_org('payments');
call except_from_scope('payments','kauri_system','select, update','operators, metrics and the expiry schedule work across organisations');
grant select, insert, update on payments to kauri_app;

create table attempts (
  id uuid primary key, org_id uuid not null, livemode boolean not null,
  payment_id uuid not null references payments, checkout_id uuid not null references checkouts,
  number int not null, provider text not null,
  state text not null check (state in ('created','sending','accepted','awaiting_customer','unknown',
    'not_received','needs_review','succeeded','failed','rejected','reversed')),
  amount bigint not null, currency text not null,
  payer_sealed bytea not null, payer_lookup bytea not null, payer_masked text not null,
  our_reference text, provider_reference text, receipt text, reason text, provider_code text,
  created_at timestamptz not null default now(), updated_at timestamptz not null default now(),
  unique (payment_id, number));
create unique index attempts_one_open on attempts (payment_id)
  where state not in ('rejected','failed','not_received');
create index attempts_by_payer on attempts (org_id, livemode, payer_lookup);
create index attempts_by_provider_reference on attempts (provider_reference);
create index attempts_by_receipt on attempts (receipt);
call scope_to_org('attempts');
call except_from_scope('attempts','kauri_system','select, update','a callback names only its attempt; operators search receipts');
grant select, insert, update on attempts to kauri_app;

-- One kind of evidence: ack, callback, query, statement, SMS, operator.
create table evidence (
  id uuid primary key, org_id uuid not null, livemode boolean not null, attempt_id uuid not null,
  source text not null, verdict text not null, reason text, provider_code text, provider_message text,
  amount bigint, currency text, provider_reference text, receipt text,
  at timestamptz not null default now());
create index evidence_of_attempt on evidence (attempt_id);
call scope_to_org('evidence');
call except_from_scope('evidence','kauri_system','select','operators trace across organisations');
grant select, insert on evidence to kauri_app;

create table transitions (
  seq bigint generated always as identity primary key, org_id uuid not null, livemode boolean not null,
  step text not null, checkout_id uuid not null, object_id uuid not null, object text not null, from_state text,
  to_state text not null, actor text not null, evidence_id uuid, reason text,
  at timestamptz not null default now(), unique (step, object_id, to_state));
create index transitions_of_checkout on transitions (checkout_id, seq);
call scope_to_org('transitions');
call except_from_scope('transitions','kauri_system','select, insert','operators trace, the expiry schedule writes, across organisations');
grant select, insert on transitions to kauri_app;

create table cases (
  id uuid primary key, org_id uuid not null, livemode boolean not null,
  kind text not null check (kind in ('late_money','paid_twice','amount_mismatch','currency_mismatch',
    'contradiction','unresolved')),
  cause text not null unique, checkout_id uuid not null, payment_id uuid not null, attempt_id uuid not null,
  amount bigint, currency text, entry_id text, evidence_id uuid,
  state text not null default 'open' check (state in ('open','decided')),
  decision text, actor text, approver text, reason text,
  opened_at timestamptz not null default now(), decided_at timestamptz);
create index cases_open on cases (org_id, livemode, opened_at) where state = 'open';
call scope_to_org('cases');
call except_from_scope('cases','kauri_system','select, update','operators decide across organisations');
grant select, insert, update on cases to kauri_app;

-- Outbox: workflows to start. Inbox: signals to deliver. The relay re-drives both.
create table starts (
  id text primary key, org_id uuid not null, livemode boolean not null, kind text not null,
  payload_sealed bytea not null, accepted_at timestamptz not null default now(),
  started_at timestamptz);
create index starts_pending on starts (accepted_at) where started_at is null;
call scope_to_org('starts');
call except_from_scope('starts','kauri_system','select, update','the relay starts what was accepted, for all organisations');
grant select, insert, update on starts to kauri_app;

create table inbox (
  id uuid primary key, org_id uuid not null, livemode boolean not null, kind text not null
    check (kind in ('callback','attempt','cancel')),
  workflow_id text not null, attempt_id uuid, digest text not null unique,
  payload_sealed bytea not null, received_at timestamptz not null default now(),
  delivered_at timestamptz, outcome text);
create index inbox_pending on inbox (received_at) where delivered_at is null;
create index inbox_of_attempt on inbox (attempt_id);
call scope_to_org('inbox');
call except_from_scope('inbox','kauri_system','select, insert, update','a callback is stored before its organisation is known; the relay re-signals');
grant select, insert, update on inbox to kauri_app;

-- Purge dates per class of data (docs/operations.md): what may be erased, and when.
create table retention (class text primary key, table_name text not null, keep_days int not null, erases text not null);
insert into retention values
 ('payer_number','attempts',3650,'payer_sealed, payer_lookup'),
 ('raw_callback','inbox',400,'payload_sealed'),
 ('start_payload','starts',400,'payload_sealed'),
 ('idempotency_response','idempotency_keys',30,'whole row');
grant select on retention to kauri_app, kauri_system;
