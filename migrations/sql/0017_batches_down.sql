delete from retention where class in ('payout_file','payout_row');
drop table payout_rows, payout_files;
delete from rls_exceptions where table_name in ('payout_rows','payout_files');
