-- Money in suspense is given back by a refund of its own (docs/refunds.md); what a provider or a
-- card's holder took back of a payment is not there to be refunded.

-- The claim of a refund on the money a case holds: one at a time.
create table suspense_refunds (
  refund_id uuid primary key references sagas, org_id uuid not null, livemode boolean not null,
  case_id uuid not null references cases,
  state text not null default 'leaving' check (state in ('leaving','left','returned')),
  ended_at timestamptz, check ((state = 'leaving') = (ended_at is null)));
create unique index suspense_refunds_one on suspense_refunds (case_id) where state <> 'returned';
call scope_to_org('suspense_refunds');
grant select, insert on suspense_refunds to kauri_app;
grant update (state, ended_at) on suspense_refunds to kauri_app;

-- One that ends unpaid leaves its case to be decided again, in the transaction that ends it. Who
-- decided before stays with the refund: its approval names both.
create or replace function refund_ends() returns trigger language plpgsql as $$
begin
  update refund_reservations set ended_at = now(),
    state = case new.state when 'succeeded' then 'refunded' else 'released' end
   where refund_id = new.id and state = 'reserved';
  update suspense_refunds set ended_at = now(),
    state = case new.state when 'succeeded' then 'left' else 'returned' end
   where refund_id = new.id and state = 'leaving';
  if found and new.state <> 'succeeded' then
    with again as (
      update cases k set state = 'open', decision = null, actor = null, approver = null,
        reason = null, decided_at = null
        from suspense_refunds r where r.refund_id = new.id and k.id = r.case_id
      returning k.payment_id)
    update payments p set needs_review = true, updated_at = now() from again
     where p.id = again.payment_id;
  end if;
  return null;
end $$;

-- What was taken back of a payment, by the provider or by a card's holder: a fact, by the word of
-- two people. It counts against what may be refunded, and is never refused for what was.
create table payment_takebacks (
  id uuid primary key, org_id uuid not null, livemode boolean not null,
  payment_id uuid not null references payments,
  kind text not null check (kind in ('reversal','chargeback')),
  number text not null, amount bigint not null check (amount > 0),
  fee_net bigint not null default 0 check (fee_net >= 0),
  fee_tax bigint not null default 0 check (fee_tax >= 0),
  actor text not null, approver text not null, reason text not null,
  at timestamptz not null default now(),
  constraint payment_takebacks_by_two check (actor <> approver),
  constraint payment_takebacks_once unique (payment_id, number));
call scope_to_org('payment_takebacks');
grant select, insert on payment_takebacks to kauri_app;

-- `amount_lost`: as much of what was taken back as refunds have not taken. So the fact always
-- stands in `amount_taken_back`, and the constraint holds whatever came first.
alter table payments
  add column amount_taken_back bigint not null default 0 check (amount_taken_back >= 0),
  add column amount_lost bigint not null default 0 check (amount_lost >= 0),
  add constraint payments_taken_back_within_captured check (amount_taken_back <= amount_received),
  drop constraint payments_refunds_within_captured,
  add constraint payments_refunds_within_captured check (
    amount_refunded >= 0 and amount_refunded + amount_reserved + amount_lost <= amount_received);

create function takeback_counts() returns trigger language plpgsql as $$
begin
  update payments set updated_at = now(), amount_taken_back = amount_taken_back + new.amount,
    amount_lost = least(amount_taken_back + new.amount,
      amount_received - amount_refunded - amount_reserved)
   where id = new.payment_id;
  return null;
end $$;
create trigger counted after insert on payment_takebacks
  for each row execute function takeback_counts();

-- What a refund that ends unpaid lets go of was lost first.
create or replace function refund_counts() returns trigger language plpgsql as $$
begin
  update payments set updated_at = now(),
    amount_reserved = amount_reserved + case new.state when 'reserved' then new.amount else -new.amount end,
    amount_refunded = amount_refunded + case new.state when 'refunded' then new.amount else 0 end,
    amount_lost = case new.state when 'released'
      then least(amount_taken_back, amount_received - amount_refunded - amount_reserved + new.amount)
      else amount_lost end
   where id = new.payment_id;
  return null;
end $$;
