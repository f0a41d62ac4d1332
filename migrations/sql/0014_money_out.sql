-- Money out: refunds, payouts, batches of them, escrows and moves between our own accounts are
-- sagas like the vault's (docs/adr/012-one-table-of-sagas.md).
alter table sagas drop constraint sagas_kind_check, add constraint sagas_kind_check check (
  kind in ('loan_disbursement','wallet_topup','float_purchase','c2b_receipt',
    'refund','payout','payout_batch','escrow','clearing_move'));

-- Who asked for something that another has to allow, and who allowed it: never the same.
create table approvals (
  saga_id uuid primary key references sagas, org_id uuid not null, livemode boolean not null,
  maker text not null, asked_at timestamptz not null, expires_at timestamptz not null,
  escalated_at timestamptz, checker text, word text check (word in ('approve','reject')),
  reason text, decided_at timestamptz,
  constraint approvals_by_another check (checker <> maker),
  check ((word is null) = (checker is null) and (word is null) = (decided_at is null)));
create index approvals_open on approvals (org_id, livemode, asked_at) where word is null;
call scope_to_org('approvals');
call except_from_scope('approvals','kauri_system','select','operators see what waits across organisations');
grant select, insert, update on approvals to kauri_app;
