revoke update (fee_net, fee_tax) on payment_takebacks from kauri_app;
alter table escrow_parts drop constraint escrow_parts_kind_check, drop constraint escrow_parts_by_check,
  add constraint escrow_parts_kind_check check (kind in ('release','refund')) not valid,
  add constraint escrow_parts_by_check
    check (by in ('proof','customer','timer','merchant','dispute')) not valid;
