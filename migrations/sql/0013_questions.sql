-- Questions about receipts, asked with the initiator of the pay bill (docs/collections.md): three
-- wrong passwords lock it, so each is written before it is asked. One row per collection.
-- `refused`: M-Pesa refused the initiator.
create table receipt_questions (
  saga_id uuid primary key references sagas, org_id uuid not null, livemode boolean not null,
  asked_at timestamptz not null default clock_timestamp(), answered_at timestamptz,
  refused boolean not null default false, check (answered_at is not null or not refused));
create index receipt_questions_lately on receipt_questions (org_id, livemode, asked_at);
create index receipt_questions_refused on receipt_questions (org_id, livemode) where refused;
call scope_to_org('receipt_questions');
grant select, insert, update, delete on receipt_questions to kauri_app;
