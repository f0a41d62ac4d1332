drop table payable_days, payable_marks, rolling_reserves, settlement_holidays, settlement_rules;
delete from rls_exceptions where table_name in ('settlement_rules','settlement_holidays');
drop function drain_float(uuid);
drop function end_float(text, boolean, uuid, text);
drop function reserve_float(text, text, text, text, text, text, bigint, uuid, text, uuid);
drop function float_booked(text, text);
delete from rls_exceptions where table_name in ('floats','float_reservations');
drop table float_reservations;
drop table floats;
