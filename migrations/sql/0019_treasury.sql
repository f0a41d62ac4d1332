-- treasury.
select 1;
