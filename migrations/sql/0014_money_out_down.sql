drop table approvals;
alter table sagas drop constraint sagas_kind_check, add constraint sagas_kind_check check (
  kind in ('loan_disbursement','wallet_topup','float_purchase','c2b_receipt'));
