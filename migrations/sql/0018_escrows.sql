-- Escrows: a payer's money kept apart until it is released or given back (docs/escrow.md).

-- A session whose payment is kept in an escrow instead of being owed to the merchant.
alter table checkouts add column escrow_id uuid;

-- `funded`: what was paid into it. `taken`: what was decided to leave it, in whichever direction;
-- a refund that failed gives its part back. No more can be decided than was paid.
create table escrows (
  saga_id uuid primary key references sagas, org_id uuid not null, livemode boolean not null,
  checkout_id uuid not null unique references checkouts,
  payment_id uuid not null unique references payments,
  funded bigint not null default 0 check (funded >= 0), taken bigint not null default 0,
  constraint escrows_never_below_zero check (taken between 0 and funded));
call scope_to_org('escrows');
call except_from_scope('escrows','kauri_system','select','operators look across organisations');
grant select, insert, update on escrows to kauri_app;

-- What was decided to leave, in order. `note`: the proof or the reason, which may be personal.
-- `refund_id`: the refund that carries it. `returned`: that refund failed.
create table escrow_parts (
  saga_id uuid not null references escrows, number int not null check (number > 0),
  org_id uuid not null, livemode boolean not null,
  kind text not null check (kind in ('release','refund')),
  amount bigint not null check (amount > 0),
  by text not null check (by in ('proof','customer','timer','merchant','dispute')),
  actor text not null, note_sealed bytea, refund_id uuid unique references sagas,
  returned boolean not null default false, created_at timestamptz not null default now(),
  primary key (saga_id, number),
  check ((kind = 'refund') = (refund_id is not null)), check (not returned or kind = 'refund'));
call scope_to_org('escrow_parts');
call except_from_scope('escrow_parts','kauri_system','select','operators look across organisations');
grant select, insert, update on escrow_parts to kauri_app;

-- While one is open nothing leaves and the timer stands still. It is decided by two people.
create table escrow_disputes (
  saga_id uuid not null references escrows, number int not null check (number > 0),
  org_id uuid not null, livemode boolean not null,
  opened_by text not null, reason_sealed bytea not null, opened_at timestamptz not null default now(),
  maker text, checker text, word_sealed bytea, decided_at timestamptz,
  primary key (saga_id, number),
  constraint escrow_disputes_by_two check (checker <> maker),
  check ((decided_at is null) = (maker is null) and (maker is null) = (checker is null)));
create unique index escrow_disputes_one_open on escrow_disputes (saga_id) where decided_at is null;
call scope_to_org('escrow_disputes');
call except_from_scope('escrow_disputes','kauri_system','select','operators look across organisations');
grant select, insert, update on escrow_disputes to kauri_app;

-- Charges whose merchant wants them paid out at once (`automatic` of the payout policy): since when
-- that is known, and which were, each once.
create table charges_paid_out_since (
  org_id uuid not null references orgs, livemode boolean not null,
  since timestamptz not null default now(), primary key (org_id, livemode));
call scope_to_org('charges_paid_out_since');
call except_from_scope('charges_paid_out_since','kauri_system','select, insert, delete','who wants it is looked for across organisations');
create table charges_paid_out (
  payment_id uuid primary key references payments, org_id uuid not null, livemode boolean not null,
  payout_id uuid not null references sagas, at timestamptz not null default now());
call scope_to_org('charges_paid_out');
call except_from_scope('charges_paid_out','kauri_system','select','what succeeded is looked for across organisations');
grant select, insert on charges_paid_out to kauri_app;
