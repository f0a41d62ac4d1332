-- Merchant-facing events, webhook endpoints and their deliveries.

create table events (
  id uuid primary key, org_id uuid not null, livemode boolean not null, type text not null,
  object_id uuid not null, sequence int not null, step text not null, data jsonb not null,
  created_at timestamptz not null default now(),
  unique (object_id, sequence), unique (step, type, object_id));
create index events_list on events (org_id, livemode, created_at desc, id desc);
call scope_to_org('events');
call except_from_scope('events','kauri_system','select, insert','the delivery workflow reads, the expiry schedule writes, for all organisations');
grant select, insert on events to kauri_app;

create table webhook_endpoints (
  id uuid primary key, org_id uuid not null references orgs, livemode boolean not null,
  url text not null, description text not null default '', event_types text[] not null default '{*}',
  state text not null default 'enabled' check (state in ('enabled','disabled')),
  disabled_reason text, secret_sealed bytea not null, previous_secret_sealed bytea,
  previous_secret_until timestamptz, failing_since timestamptz, version int not null default 1,
  created_at timestamptz not null default now(), updated_at timestamptz not null default now(),
  deleted_at timestamptz);
create index webhook_endpoints_enabled on webhook_endpoints (org_id, livemode) where state = 'enabled' and deleted_at is null;
call scope_to_org('webhook_endpoints');
call except_from_scope('webhook_endpoints','kauri_system','select, update','the delivery workflow works for all organisations');
grant select, insert, update on webhook_endpoints to kauri_app;

create table deliveries (
  endpoint_id uuid not null references webhook_endpoints, event_id uuid not null references events,
  org_id uuid not null, livemode boolean not null, object_id uuid not null, sequence int not null,
  state text not null default 'pending' check (state in ('pending','delivered','exhausted')),
  tries int not null default 0, next_at timestamptz not null default now(),
  created_at timestamptz not null default now(), delivered_at timestamptz,
  primary key (endpoint_id, event_id));
create index deliveries_due on deliveries (endpoint_id, next_at) where state = 'pending';
create index deliveries_in_order on deliveries (endpoint_id, object_id, sequence) where state = 'pending';
call scope_to_org('deliveries');
call except_from_scope('deliveries','kauri_system','select, insert, update','the delivery workflow works for all organisations');
grant select, insert, update on deliveries to kauri_app;

create table delivery_attempts (
  id bigint generated always as identity primary key, endpoint_id uuid not null, event_id uuid not null,
  org_id uuid not null, livemode boolean not null, at timestamptz not null default now(),
  status int, error text, duration_ms int not null, response_excerpt text);
create index delivery_attempts_of on delivery_attempts (endpoint_id, event_id, at desc);
call scope_to_org('delivery_attempts');
call except_from_scope('delivery_attempts','kauri_system','select, insert','the delivery workflow logs for all organisations');
grant select on delivery_attempts to kauri_app;

-- An event and its deliveries are one write: every enabled endpoint that wants the type.
create function fan_out() returns trigger language plpgsql as $$
begin
  insert into deliveries (endpoint_id, event_id, org_id, livemode, object_id, sequence)
  select id, new.id, new.org_id, new.livemode, new.object_id, new.sequence
    from webhook_endpoints
   where org_id = new.org_id and livemode = new.livemode and state = 'enabled'
     and deleted_at is null
     and case when new.type = 'webhook_endpoint.test' then id = new.object_id  -- asked for by name
         else event_types && array['*', new.type] end;
  return new;
end $$;
create trigger fan_out after insert on events for each row execute function fan_out();
