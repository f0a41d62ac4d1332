-- What a holder tells is of the moment it answered. It is compared with what was booked when it
-- was asked and when it answered, and with what was reserved then; each answer once.
-- `told_asked`: what was booked at the question that answer is to. `weighed_at`: the `told_at` of
-- the last answer that counted.
alter table floats
  add column asked_booked bigint, add column told_asked bigint, add column told_booked bigint,
  add column told_reserved bigint, add column weighed_at timestamptz;
