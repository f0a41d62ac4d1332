delete from retention where class in ('message_content','message_report');
drop table message_reports, gateway_health, message_senders, message_attempts, messages;
delete from rls_exceptions where table_name in ('messages','message_attempts','message_senders');
