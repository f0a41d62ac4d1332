drop table charges_paid_out, charges_paid_out_since, escrow_disputes, escrow_parts, escrows;
alter table checkouts drop column escrow_id;
delete from rls_exceptions where table_name in ('charges_paid_out','charges_paid_out_since','escrow_disputes',
  'escrow_parts','escrows');
