alter table orgs drop column return_fee_on_reversal;
drop table message_languages, kept_addresses, initiator_tries;
delete from rls_exceptions where table_name in ('kept_addresses','initiator_tries');
