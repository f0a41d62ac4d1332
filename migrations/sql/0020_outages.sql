-- Health of rails, shared by every worker: docs/outages.md. Rails belong to no organisation.

create table rail_health (
  provider text not null, country text not null, operation text not null
    check (operation in ('collect','payout','refund')),
  state text not null default 'up'
    check (state in ('up','degraded','half_open','open','maintenance')),
  since timestamptz not null default now(), counted_from timestamptz not null default now(),
  until timestamptz, streak int not null default 0, trials int not null default 0, reason text,
  drained_at timestamptz, probed_at timestamptz, updated_at timestamptz not null default now(),
  primary key (provider, country, operation));
grant select, insert, update on rail_health to kauri_system;

-- What calls came to: one row per process, rail and flush; kept as long as the window looks back.
create table rail_outcomes (
  id bigint generated always as identity primary key,
  provider text not null, country text not null, operation text not null,
  at timestamptz not null default clock_timestamp(),
  answered int not null, troubled int not null, throttled int not null,
  asked_answered int not null, asked_troubled int not null);
create index rail_outcomes_of on rail_outcomes (at);
grant select, insert, delete on rail_outcomes to kauri_system;

-- Which worker processes live: they share each provider's rate.
create table rail_watchers (id uuid primary key, seen_at timestamptz not null default now());
grant select, insert, update, delete on rail_watchers to kauri_system;

-- Every change of a rail, and how far organisations have been told of it.
create table rail_changes (
  id uuid primary key, provider text not null, country text not null, operation text not null,
  from_state text not null, to_state text not null, reason text,
  at timestamptz not null default now(), told_after uuid, told_at timestamptz);
create index rail_changes_untold on rail_changes (at) where told_at is null;
create index rail_changes_of on rail_changes (provider, country, operation, at desc);
grant select, insert, update, delete on rail_changes to kauri_system;

-- Maintenance operators know of; `operation` null: all of them.
create table rail_windows (
  id uuid primary key, provider text not null, operation text
    check (operation in ('collect','payout','refund')),
  starts_at timestamptz not null, ends_at timestamptz not null, reason text not null,
  actor text not null, created_at timestamptz not null default now(),
  canceled_at timestamptz, canceled_by text, check (ends_at > starts_at));
create index rail_windows_ahead on rail_windows (ends_at) where canceled_at is null;
grant select, insert, update on rail_windows to kauri_system;

-- What waits for a rail to carry again, oldest first. `freed_at`: its run was told, and may send
-- although only trials are let through; one that asks no more is gone as soon as it is told.
create table rail_queue (
  waits_as text primary key, org_id uuid not null, livemode boolean not null,
  workflow_id text not null, provider text not null, operation text not null
    check (operation in ('collect','payout','refund')),
  queued_at timestamptz not null default clock_timestamp(), freed_at timestamptz);
create index rail_queue_order on rail_queue (provider, operation, queued_at, waits_as)
  where freed_at is null;
call scope_to_org('rail_queue');
call except_from_scope('rail_queue','kauri_system','select, insert, update, delete','a rail that recovers serves all organisations in order');
grant select, insert, update, delete on rail_queue to kauri_app;

-- An attempt that waits for its rail: nothing of it was sent.
alter table attempts drop constraint attempts_state_check, add constraint attempts_state_check check (
  state in ('created','queued','sending','accepted','awaiting_customer','unknown','not_received',
    'needs_review','succeeded','failed','rejected','reversed'));
