-- What people know better than the plan of numbers: the rail of a prefix (digits with the calling
-- code, the longest counts; without a rail there is none), and of a number that was ported, found
-- again by its HMAC alone. The house's, in force at once.
create table operator_prefixes (
  org_id uuid not null references orgs, livemode boolean not null,
  prefix text not null check (prefix ~ '^[1-9][0-9]{2,14}$'),
  rail text check (rail ~ '^[a-z][a-z0-9_]{1,31}$'),
  set_by text not null, reason text not null, set_at timestamptz not null default now(),
  primary key (org_id, livemode, prefix));
create table ported_numbers (
  org_id uuid not null references orgs, livemode boolean not null, lookup bytea not null,
  rail text not null check (rail ~ '^[a-z][a-z0-9_]{1,31}$'),
  set_by text not null, reason text not null, set_at timestamptz not null default now(),
  primary key (org_id, livemode, lookup));
do $$ declare target text; begin
  foreach target in array array['operator_prefixes','ported_numbers'] loop
    call scope_to_org(target);
    execute format('grant select, insert, update, delete on %I to kauri_app', target);
    execute format('create policy house_operators on %I for select to kauri_app using '
      '(org_id = ''00000000-0000-7000-8000-000000000001'' and livemode = app_mode())', target);
    insert into rls_exceptions values (target, 'house_operators', 'kauri_app', 'which rail a number belongs to is the same for everybody');
  end loop;
end $$;
