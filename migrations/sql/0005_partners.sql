-- Partners: their secrets, their people, the loan products they lend, and data keys in versions.

-- The newest data key of an organisation seals, all of them open. A retired one seals nothing
-- that is still kept.
alter table data_keys drop constraint data_keys_org_id_livemode_key,
  add column version int not null default 1, add column retired_at timestamptz,
  add constraint data_keys_version unique (org_id, livemode, version);
grant update (kek, wrapped, retired_at) on data_keys to kauri_system;

-- Sealed values are sealed again under a new data key, row by row, each where it stands.
grant update (body) on idempotency_keys to kauri_app;

-- `usable`: the fields were found valid as they are; a check that is repeated leaves it.
-- `version` counts what was entered and every check that was asked for.
create table credentials (
  id uuid primary key, org_id uuid not null references orgs, livemode boolean not null,
  kind text not null check (kind in ('mifos','mpesa_b2c','mpesa_c2b','mpesa_stk')),
  state text not null default 'checking' check (state in ('checking','valid','invalid')),
  usable boolean not null default false, version int not null default 1,
  short_code text, shown jsonb not null, fields_sealed bytea not null,
  checks jsonb not null default '[]', check_asked_at timestamptz not null default now(),
  checked_at timestamptz, password_set_at timestamptz,
  created_at timestamptz not null default now(), updated_at timestamptz not null default now(),
  unique (org_id, livemode, kind));
-- Only who has proven to hold a short code has it: nobody keeps another's by naming it first.
-- A token alone, all that is checked of an app that prompts, proves nothing about its short code.
create unique index credentials_short_code on credentials (livemode, kind, short_code)
  where usable and kind in ('mpesa_b2c','mpesa_c2b');
call scope_to_org('credentials');
call except_from_scope('credentials','kauri_system','select','a callback names a credential or a short code before its organisation is known; expiring passwords are looked for across organisations');
grant select, insert, update, delete on credentials to kauri_app;

-- People of a partner who may be sent a one-time code.
create table authorised_users (
  id uuid primary key, org_id uuid not null references orgs, livemode boolean not null,
  name text not null, phone_sealed bytea not null, phone_lookup bytea not null,
  phone_masked text not null, email_sealed bytea not null, email_masked text not null,
  active boolean not null default true, version int not null default 1,
  created_at timestamptz not null default now(), updated_at timestamptz not null default now(),
  deleted_at timestamptz);
create unique index authorised_users_phone on authorised_users (org_id, livemode, phone_lookup)
  where deleted_at is null;
call scope_to_org('authorised_users');
grant select, insert, update on authorised_users to kauri_app;

-- What the partner's lender offers, and which of it we pay out. Limits are minor units.
create table loan_products (
  id uuid primary key, org_id uuid not null references orgs, livemode boolean not null,
  product_id bigint not null, name text not null, currency text not null, terms jsonb not null,
  state text not null default 'open' check (state in ('open','changed','closed')),
  enabled boolean not null default false, per_loan_limit bigint check (per_loan_limit > 0),
  per_day_limit bigint check (per_day_limit > 0),
  per_client_day_limit bigint check (per_client_day_limit > 0),
  version int not null default 1, synced_at timestamptz not null default now(),
  created_at timestamptz not null default now(), updated_at timestamptz not null default now(),
  unique (org_id, livemode, product_id),
  check (not enabled or (per_loan_limit is not null and per_day_limit is not null
    and per_client_day_limit is not null)));
call scope_to_org('loan_products');
grant select, insert, update on loan_products to kauri_app;
