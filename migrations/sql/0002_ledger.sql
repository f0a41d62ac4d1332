-- The ledger: accounts, entries, lines, claimed receipts and the hash chain (docs/ledger.md).
-- Only post_entry() writes entries. It runs as kauri_ledger, which reaches the organisation of
-- the transaction and the house, and nothing else.

-- A busy account is spread over rows (shard 1 to 16, by connection); its balance is their sum.
-- Every other account is one row, shard 0.
create table ledger_accounts (
  id bigint generated always as identity primary key,
  org_id uuid not null references orgs, livemode boolean not null,
  name text collate "C" not null, shard smallint not null check (shard between 0 and 16),
  currency text not null check (currency ~ '^[A-Z]{3}$'),
  type text not null check (type in ('asset','liability','income','expense','memo')),
  normal text not null check (normal in ('debit','credit')),
  coverage text not null check (coverage in ('backs','claims','none')),
  overdraft boolean not null, balance bigint not null default 0,
  created_at timestamptz not null default now(),
  unique (livemode, currency, name, shard),
  check (type = 'memo' or (normal = 'debit') = (type in ('asset','expense')))
) with (fillfactor = 40);

create table ledger_entries (
  seq bigint generated always as identity primary key,
  id text collate "C" not null unique check (length(id) between 3 and 200),
  org_id uuid not null, livemode boolean not null, kind text not null, about text,
  currency text not null, decided boolean not null, fingerprint bytea not null, receipt text,
  line_count smallint not null check (line_count >= 2 and line_count % 2 = 0),
  reverses text collate "C" references ledger_entries (id), description text not null default '',
  at timestamptz not null default now());
create unique index ledger_entries_reversed_once on ledger_entries (reverses) where reverses is not null;

-- No foreign keys: post_entry takes both ids from rows it holds and the trigger below looks each
-- line's account up again; they would be twelve look-ups more per entry of six lines.
create table ledger_lines (
  entry_seq bigint not null, line_no smallint not null, org_id uuid not null, livemode boolean not null,
  account_id bigint not null, side text not null check (side in ('debit','credit')),
  amount bigint not null check (amount > 0), balance_after bigint not null,
  primary key (entry_seq, line_no));
create index ledger_lines_of_account on ledger_lines (account_id, entry_seq, line_no);

-- One fact, one booking: a receipt or one of its aliases is claimed by one entry, for ever.
create table provider_receipts (
  org_id uuid not null, livemode boolean not null, rail text not null, account text not null,
  receipt text collate "C" not null, entry_id text collate "C" not null,
  at timestamptz not null default now(), primary key (livemode, rail, account, receipt));

create table entry_chain (
  org_id uuid not null, livemode boolean not null, seq bigint not null check (seq > 0),
  entry_seq bigint not null unique references ledger_entries (seq),
  entry_id text collate "C" not null, previous bytea not null, hash bytea not null,
  at timestamptz not null default now(), primary key (org_id, livemode, seq));

do $$ declare target text; begin
  foreach target in array array['ledger_accounts','ledger_entries','ledger_lines','provider_receipts','entry_chain'] loop
    call scope_to_org(target);
    call except_from_scope(target, 'kauri_system', 'select', 'ledger check, hash chain and operators read all organisations');
    execute format('grant select on %I to kauri_app', target);
  end loop;
  foreach target in array array['ledger_accounts','ledger_entries','ledger_lines','provider_receipts'] loop
    execute format('create policy kauri_ledger_policy on %I to kauri_ledger '
      'using (livemode = app_mode() and (org_id = app_org() or (app_org() is not null and org_id = ''00000000-0000-7000-8000-000000000001''))) '
      'with check (livemode = app_mode() and (org_id = app_org() or (app_org() is not null and org_id = ''00000000-0000-7000-8000-000000000001'')))', target);
    execute format('grant select, insert on %I to kauri_ledger', target);
    insert into rls_exceptions values (target, 'kauri_ledger_policy', 'kauri_ledger',
      'an entry of one organisation also moves house accounts; post_entry alone runs as this role');
  end loop;
end $$;
grant update (balance) on ledger_accounts to kauri_ledger;
grant update (entry_id), delete on provider_receipts to kauri_ledger;
grant insert on entry_chain to kauri_system;

-- History is added to, never changed; no role is spared.
create function ledger_is_append_only() returns trigger language plpgsql as $$
begin
  raise exception '% is append-only: post the reverse entry instead', tg_table_name using errcode = 'KL008';
end $$;
create trigger append_only before update or delete or truncate on ledger_entries
  for each statement execute function ledger_is_append_only();
create trigger append_only before update or delete or truncate on ledger_lines
  for each statement execute function ledger_is_append_only();
create trigger append_only before update or delete or truncate on entry_chain
  for each statement execute function ledger_is_append_only();

-- At commit: every line is there, debits equal credits, one currency, memo only with memo.
-- Without its organisation setting it would see no lines, so it refuses.
create function ledger_entry_holds() returns trigger language plpgsql security definer
set search_path = public, pg_temp set enable_seqscan = off set plan_cache_mode = force_generic_plan as $$
declare seen record;
begin
  if app_org() is null or app_mode() is null then
    raise exception 'entry %: app.org and app.mode must stand until commit', new.id using errcode = 'KL001';
  end if;
  select count(*) as lines, bool_and(a.currency = new.currency) as one_currency,
         sum(case l.side when 'debit' then l.amount else -l.amount end) as difference,
         count(*) filter (where a.type = 'memo') as memos
    into seen from ledger_lines l,
         lateral (select currency, type from ledger_accounts where id = l.account_id offset 0) a
   where l.entry_seq = new.seq;
  if seen.lines <> new.line_count or seen.difference <> 0 or not seen.one_currency
     or seen.memos not in (0, seen.lines) then
    raise exception 'entry % does not hold: % of % lines, difference %', new.id, seen.lines,
      new.line_count, seen.difference using errcode = 'KL006';
  end if;
  return null;
end $$;
create constraint trigger entry_holds after insert on ledger_entries
  deferrable initially deferred for each row execute function ledger_entry_holds();

-- What makes two entries the same: currency and moves, in the order the rule makes them.
create function ledger_fingerprint(currency text, names text[], debits int[], credits int[], amounts bigint[])
returns bytea language plpgsql stable as $$
declare moves text := currency;
begin
  for i in 1 .. cardinality(amounts) loop
    moves := concat(moves, E'\n', names[debits[i]], ' ', names[credits[i]], ' ', amounts[i]);
  end loop;
  return sha256(convert_to(moves, 'UTF8'));
end $$;

-- Claims a receipt and its aliases for an entry. False when another entry has it: then the
-- names that were new become aliases of that entry (`claimer`; null when another organisation's).
create function ledger_claim(entry text, rail_ text, account_ text, receipts text[],
  out free boolean, out claimer text) language plpgsql as $$
declare fresh int;
begin
  insert into provider_receipts (org_id, livemode, rail, account, receipt, entry_id)
    select app_org(), app_mode(), rail_, account_, r, entry from unnest(receipts) as r order by r
    on conflict do nothing;
  get diagnostics fresh = row_count;
  free := fresh = cardinality(receipts) or exists (select from ledger_entries where id = entry);
  if free then return; end if;
  select p.entry_id into claimer from provider_receipts p where p.livemode = app_mode() and p.rail = rail_
    and p.account = account_ and p.receipt = any(receipts) and p.entry_id <> entry order by p.at limit 1;
  if claimer is null then
    delete from provider_receipts p where p.livemode = app_mode() and p.rail = rail_
      and p.account = account_ and p.receipt = any(receipts) and p.entry_id = entry;
  else
    update provider_receipts p set entry_id = claimer where p.livemode = app_mode() and p.rail = rail_
      and p.account = account_ and p.receipt = any(receipts) and p.entry_id = entry;
  end if;
end $$;

-- Opens accounts that are missing, in name order and before any is locked: with locks held two
-- transactions that open accounts wait for each other crosswise (seen at once in the benchmark).
create function ledger_open_accounts(currency_ text, accounts json, names text[], mine int) returns void
language plpgsql as $$
declare known int;
begin
  select count(*) into known from ledger_accounts a where a.livemode = app_mode()
     and a.currency = currency_ and a.name = any(names) and a.shard = any(array[0, mine]);
  if known = cardinality(names) then return; end if;
  insert into ledger_accounts (org_id, livemode, name, shard, currency, type, normal, coverage, overdraft)
    select owner, app_mode(), name, case when busy then mine else 0 end, currency_, type, normal, coverage, overdraft
      from json_to_recordset(accounts) as
        x(name text, owner uuid, type text, normal text, coverage text, overdraft boolean, busy boolean)
     where name = any(names) order by name collate "C"
    on conflict do nothing;
end $$;

-- Posts one entry. Moves are pairs of positions in p_names: p_debits[i] is debited and
-- p_credits[i] credited with p_amounts[i]. With p_backed (a payable), the last name is its
-- receivable: it bears what the payable cannot, and is netted first from what the payable gets.
-- outcome: posted | already (same id, moves and receipt) | receipt_claimed (nothing is posted;
-- entry_id is the entry that has it). to_receivable: above zero borne, below zero netted.
-- Raises KL001 no scope, KL002 another organisation's, KL003 same id but different,
-- KL004 a decided entry would overdraw, KL007 not the reverse of what it reverses.
create function post_entry(p_id text, p_org uuid, p_livemode boolean, p_kind text, p_about text,
  p_description text, p_currency text, p_decided boolean, p_reverses text,
  p_names text[], p_accounts json, p_debits int[], p_credits int[], p_amounts bigint[],
  p_backed int, p_rail text, p_wallet text, p_receipts text[],
  out outcome text, out entry_id text, out to_receivable bigint)
language plpgsql security definer set search_path = public, pg_temp set enable_seqscan = off set plan_cache_mode = force_generic_plan as $$
declare
  mark bytea := ledger_fingerprint(p_currency, p_names, p_debits, p_credits, p_amounts);
  claim text := p_rail || ':' || p_wallet || ':' || p_receipts[1];
  backing int := cardinality(p_names);
  debits int[] := p_debits; credits int[] := p_credits; amounts bigint[] := p_amounts;
  ids bigint[]; owners uuid[]; signs int[]; guarded boolean[]; before bigint[]; opening bigint[]; balances bigint[];
  line_ids bigint[]; line_owners uuid[]; line_sides text[]; line_amounts bigint[]; line_balances bigint[];
  account record; claimed record; standing record; entry bigint;
  names text[] := p_names; taken bigint := 0; net bigint; at int;
  mine int := 1 + pg_backend_pid() % 16;
  shards int[] := case when p_decided then array[0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16] else array[0, mine] end;
begin
  outcome := 'posted'; entry_id := p_id; to_receivable := 0;
  if app_org() is null or app_mode() is null then
    raise exception 'entry %: app.org and app.mode are not set', p_id using errcode = 'KL001';
  elsif p_org is distinct from app_org() or p_livemode is distinct from app_mode() then
    raise exception 'entry % belongs to another organisation or mode', p_id using errcode = 'KL002';
  end if;

  if claim is not null then
    claimed := ledger_claim(p_id, p_rail, p_wallet, p_receipts);
    if not claimed.free then
      outcome := 'receipt_claimed'; entry_id := claimed.claimer; return;
    end if;
  end if;

  for i in 1 .. cardinality(p_amounts) loop
    taken := taken + case p_backed when p_debits[i] then p_amounts[i] when p_credits[i] then -p_amounts[i] else 0 end;
  end loop;
  if p_backed is not null and taken <= 0 then
    names := trim_array(p_names, 1);  -- nothing to bear: the receivable need not exist
  end if;

  perform ledger_open_accounts(p_currency, p_accounts, names, mine);
  -- `+ 0` keeps the planner from walking the whole primary key to have this order for nothing.
  for account in
    select * from ledger_accounts a where a.livemode = p_livemode and a.currency = p_currency
       and a.name = any(p_names) and a.shard = any(shards) order by a.id + 0 for no key update
  loop
    at := array_position(p_names, account.name);
    before[at] := coalesce(before[at], 0) + account.balance;
    continue when account.shard not in (0, mine);
    ids[at] := account.id; owners[at] := account.org_id; balances[at] := account.balance;
    signs[at] := case account.normal when 'debit' then 1 else -1 end;
    guarded[at] := p_decided and not account.overdraft and account.type in ('asset','liability');
  end loop;
  for i in 1 .. cardinality(names) loop
    if ids[i] is null then
      raise exception 'entry %: % is another organisation''s', p_id, names[i] using errcode = 'KL002';
    end if;
  end loop;
  opening := balances;

  if p_backed is not null then
    net := balances[p_backed] - taken;
    if taken > 0 and net < 0 and not p_decided then
      to_receivable := -net;
      debits := debits || backing; credits := credits || p_backed; amounts := amounts || -net;
    elsif taken < 0 and balances[backing] > 0 then
      to_receivable := -least(balances[backing], net, -taken);
      debits := debits || p_backed; credits := credits || backing; amounts := amounts || -to_receivable;
    end if;
  end if;

  for i in 1 .. cardinality(amounts) loop
    at := debits[i];
    balances[at] := balances[at] + signs[at] * amounts[i];
    line_ids := line_ids || ids[at]; line_owners := line_owners || owners[at];
    line_sides := line_sides || 'debit'::text; line_amounts := line_amounts || amounts[i];
    line_balances := line_balances || balances[at];
    at := credits[i];
    balances[at] := balances[at] - signs[at] * amounts[i];
    line_ids := line_ids || ids[at]; line_owners := line_owners || owners[at];
    line_sides := line_sides || 'credit'::text; line_amounts := line_amounts || amounts[i];
    line_balances := line_balances || balances[at];
  end loop;

  insert into ledger_entries (id, org_id, livemode, kind, about, currency, decided, fingerprint, receipt,
      line_count, reverses, description)
    values (p_id, p_org, p_livemode, p_kind, p_about, p_currency, p_decided, mark, claim,
      cardinality(line_ids), p_reverses, p_description)
    on conflict do nothing returning seq into entry;
  if entry is null then
    select e.fingerprint, e.receipt, e.org_id into standing from ledger_entries e where e.id = p_id;
    if found and standing.fingerprint = mark and standing.receipt is not distinct from claim and standing.org_id = p_org then
      outcome := 'already'; to_receivable := 0; return;
    elsif not found and exists (select from ledger_entries e where e.reverses = p_reverses) then
      raise exception 'entry %: % is reversed already', p_id, p_reverses using errcode = 'KL007';
    end if;
    raise exception 'entry % stands with other moves or another receipt', p_id using errcode = 'KL003';
  end if;
  if p_reverses is not null and not exists (
    select from ledger_entries e where e.id = p_reverses and e.org_id = p_org and e.fingerprint
      = ledger_fingerprint(p_currency, p_names, p_credits, p_debits, p_amounts)) then
    raise exception 'entry % is not the reverse of %', p_id, p_reverses using errcode = 'KL007';
  end if;
  for at in 1 .. cardinality(ids) loop
    if guarded[at] and balances[at] < opening[at] and before[at] + balances[at] - opening[at] < 0 then
      raise exception 'entry % would take % to %', p_id, p_names[at],
        before[at] + balances[at] - opening[at] using errcode = 'KL004';
    end if;
  end loop;

  insert into ledger_lines (entry_seq, line_no, org_id, livemode, account_id, side, amount, balance_after)
    select entry, no, owner, p_livemode, id, side, amount, balance
      from unnest(line_ids, line_owners, line_sides, line_amounts, line_balances)
        with ordinality as line(id, owner, side, amount, balance, no);
  update ledger_accounts a set balance = balances[array_position(ids, a.id)] where a.id = any(ids);
end $$;

revoke execute on function post_entry, ledger_entry_holds, ledger_claim, ledger_open_accounts,
  ledger_fingerprint, ledger_is_append_only from public;
grant execute on function ledger_claim, ledger_open_accounts, ledger_fingerprint to kauri_ledger;
grant execute on function post_entry to kauri_app;
grant create on schema public to kauri_ledger;
alter function post_entry owner to kauri_ledger;
alter function ledger_entry_holds owner to kauri_ledger;
revoke create on schema public from kauri_ledger;
