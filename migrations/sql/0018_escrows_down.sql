drop table escrow_disputes, escrow_parts, escrows;
alter table checkouts drop column escrow_id;
delete from rls_exceptions where table_name in ('escrow_disputes','escrow_parts','escrows');
