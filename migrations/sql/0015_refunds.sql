-- Refunds (docs/refunds.md): what is reserved of a payment, and what was given back.

-- Whether our fee comes back, pro rata, with what is refunded of a payment.
alter table orgs add column return_fee_on_refund boolean not null default false;
grant update (return_fee_on_refund) on orgs to kauri_system;

-- `amount_reserved`: of refunds that have not ended. Whatever asks, and however many at once, no
-- more goes back than came.
alter table payments add column amount_reserved bigint not null default 0 check (amount_reserved >= 0),
  add constraint payments_refunds_within_captured check (
    amount_refunded >= 0 and amount_refunded + amount_reserved <= amount_received);

create table refund_reservations (
  refund_id uuid primary key references sagas, org_id uuid not null, livemode boolean not null,
  payment_id uuid not null references payments, amount bigint not null check (amount > 0),
  fee_net bigint not null default 0 check (fee_net >= 0),
  fee_tax bigint not null default 0 check (fee_tax >= 0),
  state text not null default 'reserved' check (state in ('reserved','refunded','released')),
  ended_at timestamptz, check ((state = 'reserved') = (ended_at is null)));
create index refund_reservations_of on refund_reservations (payment_id);
create index sagas_refund_payment on sagas (org_id, livemode, (data->>'payment'), created_at desc)
  where kind = 'refund';
create index sagas_refund_waiting on sagas (org_id, livemode)
  where kind = 'refund' and state = 'waiting_funds';
call scope_to_org('refund_reservations');
grant select, insert on refund_reservations to kauri_app;
grant update (state, ended_at) on refund_reservations to kauri_app;

-- The payment's two sums follow its reservations, and these follow the sagas: nobody keeps them.
create function refund_counts() returns trigger language plpgsql as $$
begin
  update payments set updated_at = now(),
    amount_reserved = amount_reserved + case new.state when 'reserved' then new.amount else -new.amount end,
    amount_refunded = amount_refunded + case new.state when 'refunded' then new.amount else 0 end
   where id = new.payment_id;
  return null;
end $$;
create trigger counted after insert on refund_reservations
  for each row execute function refund_counts();
create trigger counted_at_its_end after update on refund_reservations
  for each row when (old.state = 'reserved' and new.state <> 'reserved') execute function refund_counts();

create function refund_ends() returns trigger language plpgsql as $$
begin
  update refund_reservations set ended_at = now(),
    state = case new.state when 'succeeded' then 'refunded' else 'released' end
   where refund_id = new.id and state = 'reserved';
  return null;
end $$;
create trigger refund_ends after update on sagas for each row
  when (new.kind = 'refund' and new.state <> old.state and new.state in ('succeeded','failed','canceled'))
  execute function refund_ends();

-- What our fee and its tax were of these entries. The lines are the house's: an organisation
-- is told the sums of its own entries and nothing else.
create function fee_taken(p_entries text[], out net bigint, out tax bigint)
language sql stable security definer set search_path = public, pg_temp as $$
  select coalesce(sum(l.amount) filter (where a.name like 'house:fees:%'), 0)::bigint,
         coalesce(sum(l.amount) filter (where a.name like 'house:tax:%'), 0)::bigint
    from ledger_entries e join ledger_lines l on l.entry_seq = e.seq
    join ledger_accounts a on a.id = l.account_id
   where e.id = any(p_entries) and e.org_id = app_org() and l.side = 'credit'
$$;
revoke execute on function fee_taken from public;
grant execute on function fee_taken to kauri_app;
grant create on schema public to kauri_ledger;
alter function fee_taken owner to kauri_ledger;
revoke create on schema public from kauri_ledger;
