-- The payer's page: who a merchant is to its payers, receipts by number, whom to tell, links.

-- Public: what a payer reads about the merchant. `return_key` counts the keys of signed returns.
create table org_profiles (
  org_id uuid not null references orgs, livemode boolean not null,
  name text not null, complaint_phone text, complaint_email text, complaint_url text,
  languages text[] not null default '{en,fr,sw}' check (
    cardinality(languages) > 0 and languages <@ '{en,fr,sw}'::text[]),
  return_key int not null default 1, updated_at timestamptz not null default now(),
  primary key (org_id, livemode));
call scope_to_org('org_profiles');
grant select, insert, update on org_profiles to kauri_app;

-- Where a payer asked to be told how it ended. `told_at`: how it ended was told. `refund_told`:
-- how much of what was given back.
create table payer_contacts (
  checkout_id uuid primary key references checkouts, org_id uuid not null,
  livemode boolean not null, phone_sealed bytea, email_sealed bytea,
  language text not null check (language in ('en','fr','sw')), told_at timestamptz,
  refund_told bigint not null default 0, created_at timestamptz not null default now(),
  check (phone_sealed is not null or email_sealed is not null));
create index payer_contacts_waiting on payer_contacts (created_at) where told_at is null;
call scope_to_org('payer_contacts');
call except_from_scope('payer_contacts','kauri_system','select, delete','purged by age; the worker looks for ended payments across organisations');
grant select, insert, update on payer_contacts to kauri_app;
insert into retention values ('payer_contact','payer_contacts',400,'whole row');

-- One row per payment or refund, numbered without gaps: the counter moves in the transaction
-- that writes the receipt, or not at all.
create table receipt_counters (
  org_id uuid not null references orgs, livemode boolean not null,
  last bigint not null default 0, primary key (org_id, livemode));
call scope_to_org('receipt_counters');
grant select, insert, update on receipt_counters to kauri_app;
create table receipts (
  id uuid primary key, org_id uuid not null, livemode boolean not null,
  number bigint not null check (number > 0), kind text not null check (kind in ('payment','refund')),
  about uuid not null unique, payment_id uuid not null references payments,
  amount bigint not null check (amount > 0), fee bigint not null default 0 check (fee >= 0),
  currency text not null, rail text not null, rail_receipt text,
  at timestamptz not null, issued_at timestamptz not null default now(),
  unique (org_id, livemode, number));
create index receipts_of_payment on receipts (payment_id, number);
call scope_to_org('receipts');
grant select, insert on receipts to kauri_app;

-- Refunds that ended are looked for across organisations: their payers are told.
create index refund_reservations_refunded on refund_reservations (ended_at) where state = 'refunded';
call except_from_scope('refund_reservations','kauri_system','select','the worker looks for ended refunds across organisations');

-- A link makes a session for each use. Without `amount` the payer says how much.
create table payment_links (
  id uuid primary key, org_id uuid not null references orgs, livemode boolean not null,
  amount bigint check (amount > 0), currency text not null,
  smallest bigint check (smallest > 0), largest bigint check (largest >= smallest),
  reference text not null, description text not null default '', single boolean not null,
  active boolean not null default true, expires_at timestamptz, success_url text, cancel_url text,
  uses bigint not null default 0, created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  check (amount is null or (smallest is null and largest is null)));
create index payment_links_list on payment_links (org_id, livemode, created_at desc, id desc);
call scope_to_org('payment_links');
call except_from_scope('payment_links','kauri_system','select','a link names its organisation to whoever opens it');
grant select, insert, update on payment_links to kauri_app;

-- A single link has one use that has not ended unpaid.
create table payment_link_uses (
  checkout_id uuid primary key references checkouts, link_id uuid not null references payment_links,
  org_id uuid not null, livemode boolean not null, single boolean not null,
  ended boolean not null default false, created_at timestamptz not null default now());
create unique index payment_link_used_once on payment_link_uses (link_id) where single and not ended;
call scope_to_org('payment_link_uses');
grant select, insert, update on payment_link_uses to kauri_app;
