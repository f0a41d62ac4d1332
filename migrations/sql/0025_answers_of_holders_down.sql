alter table floats drop column asked_booked, drop column told_asked, drop column told_booked,
  drop column told_reserved, drop column weighed_at;
