-- What was taken back of a payment leaves its escrow first: a part nobody decided (docs/escrow.md).
alter table escrow_parts drop constraint escrow_parts_kind_check, drop constraint escrow_parts_by_check,
  add constraint escrow_parts_kind_check check (kind in ('release','refund','takeback')),
  add constraint escrow_parts_by_check
    check (by in ('proof','customer','timer','merchant','dispute','operators'));

-- Our fee of what was taken back, and of what a refund that ended unpaid did not give back.
grant update (fee_net, fee_tax) on payment_takebacks to kauri_app;
