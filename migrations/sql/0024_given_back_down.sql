create or replace function refund_counts() returns trigger language plpgsql as $$
begin
  update payments set updated_at = now(),
    amount_reserved = amount_reserved + case new.state when 'reserved' then new.amount else -new.amount end,
    amount_refunded = amount_refunded + case new.state when 'refunded' then new.amount else 0 end
   where id = new.payment_id;
  return null;
end $$;
drop table payment_takebacks;
drop function takeback_counts;
alter table payments drop constraint payments_refunds_within_captured,
  drop constraint payments_taken_back_within_captured,
  drop column amount_taken_back, drop column amount_lost,
  add constraint payments_refunds_within_captured check (
    amount_refunded >= 0 and amount_refunded + amount_reserved <= amount_received);
create or replace function refund_ends() returns trigger language plpgsql as $$
begin
  update refund_reservations set ended_at = now(),
    state = case new.state when 'succeeded' then 'refunded' else 'released' end
   where refund_id = new.id and state = 'reserved';
  return null;
end $$;
drop table suspense_refunds;
