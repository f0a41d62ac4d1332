drop table delivery_attempts, deliveries, webhook_endpoints, events;
drop function fan_out();
delete from rls_exceptions where table_name in ('delivery_attempts','deliveries','webhook_endpoints','events');
