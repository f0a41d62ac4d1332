-- Messages to people: the outbox, its log, gateways' health and what gateways report.

-- `code`: why it stands where it stands, in the gateway's word or ours. The body of a code is
-- erased once it cannot be sent any more.
create table messages (
  id uuid primary key, org_id uuid not null references orgs, livemode boolean not null,
  event text not null, class text not null check (class in ('otp','receipt','alert')),
  channel text not null check (channel in ('sms','email')),
  language text not null check (language in ('en','fr','sw')),
  to_sealed bytea not null, to_lookup bytea not null, to_masked text not null,
  body_sealed bytea, subject_sealed bytea, about text not null, dedupe_key text not null,
  state text not null check (state in ('queued','sending','submitted','delivered','failed',
    'unknown','expired')),
  gateway text, provider_ref text, code text, segments int not null default 0,
  tries int not null default 0, doubts int not null default 0,
  next_at timestamptz not null default now(), expires_at timestamptz not null,
  created_at timestamptz not null default now(), submitted_at timestamptz,
  updated_at timestamptz not null default now(),
  unique (org_id, livemode, channel, event, dedupe_key, to_lookup));
create index messages_due on messages (org_id, livemode, next_at) where state in ('queued','sending');
create index messages_list on messages (org_id, livemode, created_at desc, id desc);
create index messages_about on messages (org_id, livemode, about);
create index messages_to on messages (org_id, livemode, to_lookup);
create index messages_reported on messages (gateway, provider_ref) where provider_ref is not null;
call scope_to_org('messages');
call except_from_scope('messages','kauri_system','select, insert, update','the delivery workflow works for all organisations, reports name only a reference');
grant select, insert on messages to kauri_app;
grant update (to_sealed, body_sealed, subject_sealed) on messages to kauri_app;  -- sealed anew

create table message_attempts (
  id bigint generated always as identity primary key, message_id uuid not null references messages,
  org_id uuid not null, livemode boolean not null, at timestamptz not null default now(),
  gateway text not null, outcome text not null, code text, duration_ms int not null);
create index message_attempts_of on message_attempts (message_id, at);
call scope_to_org('message_attempts');
call except_from_scope('message_attempts','kauri_system','select, insert','the delivery workflow logs for all organisations');
grant select on message_attempts to kauri_app;

-- Whose name a partner's messages carry, per gateway; without a row the platform's own.
create table message_senders (
  org_id uuid not null references orgs, livemode boolean not null, gateway text not null,
  sender text not null check (sender ~ '^[A-Za-z0-9 ._-]{3,11}$|^[0-9]{3,15}$'),
  created_at timestamptz not null default now(), primary key (org_id, livemode, gateway));
call scope_to_org('message_senders');
call except_from_scope('message_senders','kauri_system','select, insert, update, delete','operators register sender ids; the delivery workflow reads them');
grant select on message_senders to kauri_app;

-- One row per gateway of the platform: it belongs to no organisation.
create table gateway_health (
  gateway text primary key, troubles int not null default 0, open_until timestamptz,
  reason text, updated_at timestamptz not null default now());
grant select, insert, update on gateway_health to kauri_system;

-- What gateways reported, kept because a report may come before the answer it is about.
create table message_reports (
  gateway text not null, provider_ref text not null, state text not null
    check (state in ('submitted','delivered','failed')), code text,
  at timestamptz not null default now(), primary key (gateway, provider_ref, state));
grant select, insert, delete on message_reports to kauri_system;

insert into retention values
 ('message_content','messages',90,'to_sealed, body_sealed, subject_sealed'),
 ('message_report','message_reports',30,'whole row');
