-- Payouts: what an organisation chose about money that leaves, how much may leave, and to whom it
-- goes (docs/payouts.md).

-- `automatic_sealed`: whom every charge is paid out to at once. Without a row: nobody is asked, the holder's name is shown, the payee is told, nothing is charged.
create table payout_policies (
  org_id uuid not null references orgs, livemode boolean not null,
  name_check text not null default 'show' check (name_check in ('off','show','ask','refuse')),
  approval_hours int not null default 72 check (approval_hours between 1 and 720),
  code_to uuid references authorised_users,
  automatic_method text, automatic_sealed bytea, automatic_masked text,
  return_fee boolean not null default false, tells_payee boolean not null default true,
  fee_basis_points int not null default 0 check (fee_basis_points between 0 and 10000),
  fee_fixed_minor bigint not null default 0 check (fee_fixed_minor >= 0),
  withdrawal_basis_points int not null default 0 check (withdrawal_basis_points between 0 and 10000),
  withdrawal_fixed_minor bigint not null default 0 check (withdrawal_fixed_minor >= 0),
  tax_basis_points int not null default 0 check (tax_basis_points between 0 and 10000),
  updated_at timestamptz not null default now(), updated_by text not null,
  primary key (org_id, livemode));
call scope_to_org('payout_policies');
call except_from_scope('payout_policies','kauri_system','select, update','keys are changed across organisations');
grant select, insert, update on payout_policies to kauri_app;

-- How much may leave by one rail, or by all of them together (`*`). Null: no limit. Above
-- `approval_above` a second person is asked.
create table payout_limits (
  org_id uuid not null references orgs, livemode boolean not null,
  provider text not null, currency text not null,
  approval_above bigint check (approval_above >= 0), per_payout bigint check (per_payout > 0),
  per_day bigint check (per_day > 0), per_hour int check (per_hour > 0),
  updated_at timestamptz not null default now(), updated_by text not null,
  primary key (org_id, livemode, provider, currency));
call scope_to_org('payout_limits');
grant select, insert, update, delete on payout_limits to kauri_app;

-- Whom a payout goes to: sealed, and found again by an HMAC only. `holder_sealed`: the name its
-- provider told before money left.
create table payees (
  saga_id uuid primary key references sagas, org_id uuid not null, livemode boolean not null,
  payee_sealed bytea not null, payee_lookup bytea not null, payee_masked text not null,
  holder_sealed bytea, holder_told_at timestamptz, created_at timestamptz not null default now());
create index payees_same on payees (org_id, livemode, payee_lookup, created_at);
call scope_to_org('payees');
call except_from_scope('payees','kauri_system','select, update, delete','keys are changed and old rows purged across organisations');
grant select, insert, update on payees to kauri_app;
insert into retention values ('payout_payee','payees',3650,'whole row');

-- What left within an hour and a day.
create index sagas_payouts on sagas (org_id, livemode, currency, created_at) where kind = 'payout';
-- Whether anybody there may approve is asked before something waits for nobody.
grant select (org_id, livemode, principal, scopes, expires_at, revoked_at) on api_keys to kauri_app;
