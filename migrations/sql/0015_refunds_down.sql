drop function fee_taken;
drop trigger refund_ends on sagas;
drop function refund_ends;
drop index sagas_refund_payment;
drop index sagas_refund_waiting;
drop table refund_reservations;
drop function refund_counts;
alter table payments drop constraint payments_refunds_within_captured, drop column amount_reserved;
alter table orgs drop column return_fee_on_refund;
