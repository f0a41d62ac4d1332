-- The house's own money: floats and who waits for them, when what was collected is available,
-- beneficiaries that are new.

-- A wallet at a provider or an account at a bank. `account`: its name in the ledger. `reserved`:
-- what granted reservations hold of it, changed under this row's lock alone. `told`: what the
-- provider said it holds, `tolerated`: how far the ledger may be from it without an alert.
create table floats (
  id uuid primary key, org_id uuid not null references orgs, livemode boolean not null,
  kind text not null check (kind in ('wallet','bank')), rail text not null, wallet text not null,
  currency text not null check (currency ~ '^[A-Z]{3}$'), account text collate "C" not null,
  is_open boolean not null default true, reserved bigint not null default 0 check (reserved >= 0),
  told bigint, told_at timestamptz, asked_at timestamptz,
  tolerated bigint not null default 0 check (tolerated >= 0), differs_since timestamptz,
  low_below bigint check (low_below > 0), low_since timestamptz,
  created_at timestamptz not null default now(), updated_at timestamptz not null default now(),
  unique (livemode, rail, wallet, currency));
call scope_to_org('floats');
call except_from_scope('floats','kauri_system','select','the worker looks for floats somebody waits for, in both modes');
grant select, insert, update on floats to kauri_app;

-- The house's rows about anybody's payouts: `for_org` is whose. `saga_id` is woken when the
-- money has come, and `told_at` says when the request was left for it.
create table float_reservations (
  seq bigint generated always as identity primary key,
  id text collate "C" not null unique, org_id uuid not null references orgs,
  livemode boolean not null, float_id uuid references floats, for_org uuid not null,
  saga_id text not null, amount bigint not null check (amount > 0),
  state text not null check (state in ('waiting','granted','spent','released')),
  asked_at timestamptz not null default now(), granted_at timestamptz, ended_at timestamptz,
  told_at timestamptz, waited boolean not null default false);
create index float_reservations_waiting on float_reservations (float_id, seq) where state = 'waiting';
create index float_reservations_untold on float_reservations (seq) where state = 'granted' and waited and told_at is null;
create index float_reservations_granted on float_reservations (float_id) where state = 'granted';
call scope_to_org('float_reservations');
call except_from_scope('float_reservations','kauri_system','select','the worker looks for reservations that wait, in both modes');
grant select, insert, update on float_reservations to kauri_app;

-- What the ledger has on a float, all shards together.
create function float_booked(p_account text, p_currency text) returns bigint language sql volatile as
$$ select coalesce(sum(balance), 0)::bigint from ledger_accounts
    where livemode = app_mode() and currency = p_currency and name = p_account $$;

-- Reserves, once per id. The float's row is locked first and everything is read after that, each
-- statement with its own view: read before the lock, money that another just spent would be
-- counted again. Nobody overtakes one that waits and would fit.
create function reserve_float(p_id text, p_rail text, p_wallet text, p_currency text,
  p_kind text, p_account text, p_amount bigint, p_for uuid, p_saga text, p_new uuid,
  out word text, out room bigint) language plpgsql volatile as $$
declare lane floats; standing float_reservations;
begin
  insert into floats (id, org_id, livemode, kind, rail, wallet, currency, account)
    select p_new, app_org(), app_mode(), p_kind, p_rail, p_wallet, p_currency, p_account
     where not exists (select from floats f where f.livemode = app_mode() and f.rail = p_rail
       and f.wallet = p_wallet and f.currency = p_currency)
    on conflict do nothing;
  select * into strict lane from floats f where f.livemode = app_mode() and f.rail = p_rail
    and f.wallet = p_wallet and f.currency = p_currency for no key update;
  insert into float_reservations (id, org_id, livemode, float_id, for_org, saga_id, amount, state)
    values (p_id, app_org(), app_mode(), lane.id, p_for, p_saga, p_amount, 'waiting')
    on conflict (id) do nothing;
  select * into strict standing from float_reservations r where r.id = p_id for no key update;
  room := float_booked(lane.account, lane.currency) - lane.reserved;
  if standing.state <> 'waiting' then
    word := case standing.state when 'granted' then 'granted' else 'ended' end;
  elsif not lane.is_open then
    word := 'closed';
  elsif p_amount > room or exists (select from float_reservations r where r.float_id = lane.id
      and r.state = 'waiting' and r.seq < standing.seq and r.amount <= room) then
    word := 'short';
  else
    word := 'granted';
    update floats set reserved = reserved + p_amount, updated_at = now() where id = lane.id;
    update float_reservations set state = 'granted', granted_at = now(), told_at = now() where id = p_id;
    room := room - p_amount;
  end if;
  if word in ('closed','short') then
    update float_reservations set waited = true where id = p_id and not waited;
  end if;
end $$;

-- Ends a reservation, once. One that was never asked for is ended in advance: a question that
-- comes late reserves nothing. True when something was given back now.
create function end_float(p_id text, p_spent boolean, p_for uuid, p_saga text) returns boolean
language plpgsql volatile as $$
declare standing float_reservations; lane uuid;
begin
  insert into float_reservations (id, org_id, livemode, for_org, saga_id, amount, state, ended_at)
    values (p_id, app_org(), app_mode(), p_for, p_saga, 1, 'released', now()) on conflict (id) do nothing;
  select r.float_id into lane from float_reservations r where r.id = p_id;
  perform from floats f where f.id = lane for no key update;
  select * into standing from float_reservations r where r.id = p_id for no key update;
  if standing.state not in ('waiting','granted') then return false; end if;
  if standing.state = 'granted' then
    update floats set reserved = reserved - standing.amount, updated_at = now() where id = lane;
  end if;
  update float_reservations set ended_at = now(),
      state = case when p_spent then 'spent' else 'released' end where id = p_id;
  return true;
end $$;

-- Grants what waits on a float and fits by now, in the order they came; returns how many.
create function drain_float(p_float uuid) returns int language plpgsql volatile as $$
declare lane floats; room bigint; next record; given int := 0;
begin
  select * into lane from floats f where f.id = p_float for no key update;
  if not found or not lane.is_open then return 0; end if;
  room := float_booked(lane.account, lane.currency) - lane.reserved;
  for next in select r.id, r.amount from float_reservations r where r.float_id = p_float
      and r.state = 'waiting' order by r.seq limit 500 loop
    continue when next.amount > room;
    update float_reservations set state = 'granted', granted_at = now() where id = next.id and state = 'waiting';
    continue when not found;
    update floats set reserved = reserved + next.amount, updated_at = now() where id = p_float;
    room := room - next.amount; given := given + 1;
  end loop;
  return given;
end $$;

-- When money captured on a rail is the merchant's to take out. The newest rule that has begun
-- counts for what is captured from then on; a rail without a rule is available at once. `days`
-- after the day of capture, which is the next one past `cut_off`; `calendar`: whose holidays.
create table settlement_rules (
  id bigint generated always as identity primary key,
  org_id uuid not null references orgs, livemode boolean not null, rail text not null,
  zone text not null, cut_off time, days int not null check (days between 0 and 30),
  working_days int[] not null default '{0,1,2,3,4,5,6}' check (cardinality(working_days) > 0),
  calendar text not null default '', opens time not null default '00:00',
  valid_from timestamptz not null, set_by text not null, unique (org_id, livemode, rail, valid_from));
create table settlement_holidays (
  org_id uuid not null references orgs, livemode boolean not null, calendar text not null,
  on_date date not null, name text not null, primary key (org_id, livemode, calendar, on_date));

-- The defaults of live money: an operator confirms them against each rail's contract before the
-- first payout. In test mode there is none, so that what is collected can be paid out at once.
-- Days announced by the moon are added when they are announced.
insert into settlement_rules (org_id, livemode, rail, zone, cut_off, days, working_days, calendar, opens, valid_from, set_by)
select '00000000-0000-7000-8000-000000000001', true, rail, zone, cut::time, days, work, cal, '08:00', '2024-01-01T00:00:00Z', 'kauri'
  from (values ('mpesa', 'Africa/Nairobi', null, 1, '{0,1,2,3,4,5,6}'::int[], ''),
               ('airtel', 'Africa/Nairobi', null, 1, '{0,1,2,3,4,5,6}', ''),
               ('momo', 'Africa/Douala', null, 1, '{0,1,2,3,4,5,6}', ''),
               ('orange', 'Africa/Abidjan', null, 1, '{0,1,2,3,4,5,6}', ''),
               ('orange_cm', 'Africa/Douala', null, 1, '{0,1,2,3,4,5,6}', ''),
               ('camtel', 'Africa/Douala', null, 1, '{0,1,2,3,4,5,6}', ''),
               ('wave', 'Africa/Abidjan', null, 1, '{0,1,2,3,4,5,6}', ''),
               ('cards', 'Africa/Nairobi', '17:00', 2, '{0,1,2,3,4}', 'KE')) as r(rail, zone, cut, days, work, cal);
insert into settlement_holidays (org_id, livemode, calendar, on_date, name)
select '00000000-0000-7000-8000-000000000001', true, 'KE', day::date, name
  from (values ('2026-12-12','Jamhuri Day'), ('2026-12-25','Christmas Day'), ('2026-12-26','Boxing Day'),
               ('2027-01-01','New Year''s Day'), ('2027-03-26','Good Friday'), ('2027-03-29','Easter Monday'),
               ('2027-05-01','Labour Day'), ('2027-06-01','Madaraka Day'), ('2027-10-10','Mazingira Day'),
               ('2027-10-20','Mashujaa Day'), ('2027-12-12','Jamhuri Day'), ('2027-12-25','Christmas Day'),
               ('2027-12-26','Boxing Day')) as d(day, name);

-- What a merchant leaves with us for a while: this share of what was credited in the last `days`.
create table rolling_reserves (
  org_id uuid not null references orgs, livemode boolean not null,
  basis_points int not null check (basis_points between 0 and 10000),
  days int not null check (days between 1 and 180), set_by text not null,
  updated_at timestamptz not null default now(), primary key (org_id, livemode));

-- What was credited to a payable, by the day it was captured and the moment it is available. It
-- is summed up from the ledger's lines when somebody asks, each line once: nothing is written
-- while money is collected. `upto`: the last entry that is in the sums.
create table payable_marks (
  org_id uuid not null references orgs, livemode boolean not null, currency text not null,
  upto bigint not null default 0, primary key (org_id, livemode, currency));
create table payable_days (
  org_id uuid not null references orgs, livemode boolean not null, currency text not null,
  captured_on date not null, available_at timestamptz not null, amount bigint not null,
  primary key (org_id, livemode, currency, captured_on, available_at));

do $$ declare target text; begin
  foreach target in array array['settlement_rules','settlement_holidays','rolling_reserves','payable_marks','payable_days'] loop
    call scope_to_org(target);
    execute format('grant select, insert, update on %I to kauri_app', target);
  end loop;
  foreach target in array array['settlement_rules','settlement_holidays'] loop
    execute format('create policy house_calendar on %I for select to kauri_app using '
      '(org_id = ''00000000-0000-7000-8000-000000000001'' and livemode = app_mode())', target);
    insert into rls_exceptions values (target, 'house_calendar', 'kauri_app', 'the house''s calendar is everybody''s');
  end loop;
end $$;
revoke update on settlement_rules, settlement_holidays from kauri_app;
grant delete on payable_days to kauri_app;

-- Whom an organisation pays, by the HMAC of the wallet or account, and since when it is known.
-- What is new waits `hours` before anything is sent there; only the house changes that.
create table beneficiaries (
  org_id uuid not null references orgs, livemode boolean not null, lookup bytea not null,
  first_seen timestamptz not null default now(), primary key (org_id, livemode, lookup));
call scope_to_org('beneficiaries');
grant select, insert on beneficiaries to kauri_app;
create table cooling_off (
  org_id uuid not null references orgs, livemode boolean not null,
  hours int not null check (hours between 0 and 168), set_by text not null,
  updated_at timestamptz not null default now(), primary key (org_id, livemode));
call scope_to_org('cooling_off');
grant select, insert, update on cooling_off to kauri_app;
insert into retention values ('beneficiary','beneficiaries',3650,'whole row');

-- Alerts of floats are told once: a difference that two looks in a row have seen, a low float
-- until it is above again.
alter table floats add column differs_told_at timestamptz;
create index float_reservations_spent on float_reservations (float_id, ended_at) where state = 'spent';
