-- What a transaction costs, and who is told when a wallet runs low (docs/charges.md).

-- A version of a tariff is all bands of one owner, code, currency and `valid_from`; the newest
-- that has begun is in force. Rows are added, never changed: what was charged can be computed
-- again. The platform's own rows are everybody's default.
create table tariffs (
  id bigint generated always as identity primary key,
  org_id uuid not null references orgs, livemode boolean not null,
  code text not null check (code in ('mpesa_b2c','processing_loan','sms','float_transfer','float_processing')),
  currency text not null check (currency ~ '^[A-Z]{3}$'),
  from_minor bigint not null default 0 check (from_minor >= 0),
  to_minor bigint check (to_minor >= from_minor),
  fee_minor bigint not null default 0 check (fee_minor >= 0),
  basis_points int not null default 0 check (basis_points between 0 and 10000),
  tax_basis_points int not null default 0 check (tax_basis_points between 0 and 10000),
  tax_kind text not null default 'vat' check (tax_kind ~ '^[a-z][a-z_]{0,20}$'),
  borne_by text not null default 'wallet' check (borne_by in ('wallet','shortcode')),
  valid_from timestamptz not null,
  unique (org_id, livemode, code, currency, valid_from, from_minor));

-- Bands that overlap would make a charge a matter of luck.
create function tariff_bands_apart() returns trigger language plpgsql as $$
begin
  perform pg_advisory_xact_lock(hashtext('tariffs'));
  if exists (select from tariffs t where t.org_id = new.org_id and t.livemode = new.livemode
      and t.code = new.code and t.currency = new.currency and t.valid_from = new.valid_from
      and int8range(t.from_minor, t.to_minor, '[]') && int8range(new.from_minor, new.to_minor, '[]')) then
    raise exception 'a band of % from % overlaps another of the same version', new.code, new.from_minor
      using errcode = 'exclusion_violation';
  end if;
  return new;
end $$;
create trigger bands_apart before insert on tariffs for each row execute function tariff_bands_apart();

-- The defaults for Kenya, in cents. M-Pesa's bands and every price here must be confirmed by an
-- operator before live money moves; tax is 0 until one sets it.
insert into tariffs (org_id, livemode, code, currency, from_minor, to_minor, fee_minor, borne_by, valid_from)
select '00000000-0000-7000-8000-000000000001', mode, code, 'KES', low, high, fee, payer, '2024-01-01T00:00:00Z'
  from (values (false), (true)) as modes(mode),
       (values ('mpesa_b2c', 0, 10099, 0, 'shortcode'),
               ('mpesa_b2c', 10100, 150099, 500, 'shortcode'),
               ('mpesa_b2c', 150100, 500099, 900, 'shortcode'),
               ('mpesa_b2c', 500100, 2000099, 1100, 'shortcode'),
               ('mpesa_b2c', 2000100, 25000000, 1300, 'shortcode'),
               ('processing_loan', 0, null, 2000, 'wallet'),
               ('sms', 0, null, 80, 'wallet'),
               ('float_transfer', 0, null, 5000, 'wallet'),
               ('float_processing', 0, null, 3000, 'wallet')) as bands(code, low, high, fee, payer);

-- After the defaults: row-level security binds whoever migrates too.
call scope_to_org('tariffs');
call except_from_scope('tariffs','kauri_system','select, insert','operators set the tariffs of all organisations');
create policy house_tariffs on tariffs for select to kauri_app
  using (org_id = '00000000-0000-7000-8000-000000000001' and livemode = app_mode());
insert into rls_exceptions values ('tariffs','house_tariffs','kauri_app','the platform''s tariffs are everybody''s default');
grant select on tariffs to kauri_app;

-- Below the threshold a wallet is low: told once per crossing, armed again once it is above.
create table wallet_alerts (
  org_id uuid not null references orgs, livemode boolean not null,
  currency text not null check (currency ~ '^[A-Z]{3}$'),
  threshold bigint not null check (threshold > 0), recommended bigint not null check (recommended > 0),
  state text not null check (state in ('above','below')),
  crossed_at timestamptz, updated_at timestamptz not null default now(),
  primary key (org_id, livemode, currency));
call scope_to_org('wallet_alerts');
call except_from_scope('wallet_alerts','kauri_system','select','operators see which wallets are low');
grant select, insert, update on wallet_alerts to kauri_app;
