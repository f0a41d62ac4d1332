-- What keeps an initiator from being locked and a pay bill's money from being lost
-- (docs/partners.md), and what organisations choose (docs/messages.md, docs/charges.md).

-- A password that was tried at M-Pesa, as an HMAC, whatever becomes of the credential. `told` null:
-- M-Pesa has not said yet, or never will. `fingerprint` is the password at a short code, whoever
-- entered it; `within` the same password in one organisation, whichever its short code. The row
-- names who tried last, and counts.
create table initiator_tries (
  fingerprint bytea primary key, within bytea not null,
  org_id uuid not null references orgs, livemode boolean not null,
  check_id text not null, told text check (told in ('passed','refused')),
  tries int not null default 1, tried_at timestamptz not null default now());
create index initiator_tries_within on initiator_tries (within);
create index initiator_tries_of_check on initiator_tries (check_id);
call scope_to_org('initiator_tries');
call except_from_scope('initiator_tries','kauri_system','select, insert, update, delete','M-Pesa locks an initiator for everybody: what it refused is remembered across organisations');

-- M-Pesa tells payments at the address that was registered once, for ever: it outlives the
-- credential that owned it, and one entered again takes it up. `version`: of the last one.
create table kept_addresses (
  address uuid primary key, org_id uuid not null references orgs, livemode boolean not null,
  kind text not null, short_code text, version int not null,
  kept_at timestamptz not null default now(), unique (org_id, livemode, kind));
call scope_to_org('kept_addresses');
call except_from_scope('kept_addresses','kauri_system','select','a confirmation names an address before its organisation is known');
grant select, insert, delete on kept_addresses to kauri_app;

-- Whether our fee comes back when M-Pesa takes back the payment of a loan (docs/charges.md).
alter table orgs add column return_fee_on_reversal boolean not null default false;

-- Without a row everything is written in English.
create table message_languages (
  org_id uuid not null references orgs, livemode boolean not null,
  people text not null check (people in ('en','fr','sw')),
  clients text not null check (clients in ('en','fr','sw')),
  updated_at timestamptz not null default now(), primary key (org_id, livemode));
call scope_to_org('message_languages');
grant select, insert, update on message_languages to kauri_app;
