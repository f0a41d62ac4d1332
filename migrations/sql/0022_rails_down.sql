drop table ported_numbers, operator_prefixes;
delete from rls_exceptions where table_name in ('operator_prefixes', 'ported_numbers');
