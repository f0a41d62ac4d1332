drop table entry_chain, ledger_lines, ledger_entries, ledger_accounts, provider_receipts;
set local role kauri_ledger;
drop function post_entry;
drop function ledger_entry_holds;
set local role kauri_owner;
drop function ledger_claim;
drop function ledger_open_accounts;
drop function ledger_fingerprint;
drop function ledger_is_append_only;
delete from rls_exceptions
 where table_name in ('entry_chain','ledger_lines','ledger_entries','ledger_accounts','provider_receipts');
