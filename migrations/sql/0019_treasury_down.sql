drop function drain_float(uuid);
drop function end_float(text, boolean, uuid, text);
drop function reserve_float(text, text, text, text, text, text, bigint, uuid, text, uuid);
drop function float_booked(text, text);
delete from rls_exceptions where table_name in ('floats','float_reservations');
drop table float_reservations;
drop table floats;
