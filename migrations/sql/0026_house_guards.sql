-- The house's calendar as the law has it, who confirms a move, and since when a payee is known.

-- By Kenya's Public Holidays Act the day after a holiday that falls on a Sunday is one.
alter table settlement_holidays no force row level security;
insert into settlement_holidays (org_id, livemode, calendar, on_date, name)
select '00000000-0000-7000-8000-000000000001', true, 'KE', day::date, name
  from (values ('2027-10-11','Mazingira Day (Monday)'), ('2027-12-13','Jamhuri Day (Monday)'),
               ('2027-12-27','Boxing Day (Monday)')) as d(day, name)
on conflict do nothing;
alter table settlement_holidays force row level security;

-- Whoever asked for a move does not say that it arrived, or came back.
create function another_confirms() returns trigger language plpgsql as $$
begin
  if exists (select from approvals a join sagas s on s.id = a.saga_id
              where a.saga_id = new.object_id and s.kind = 'clearing_move' and a.maker = new.actor) then
    raise exception 'whoever asked for a move does not confirm it'
      using errcode = 'check_violation', constraint = 'moves_confirmed_by_another';
  end if;
  return new;
end $$;
create trigger another_confirms before insert on transitions for each row
  when (new.object = 'saga' and new.to_state in ('arrived','returned'))
  execute function another_confirms();

-- A payee is new again when nothing that was asked for still stands.
grant update (first_seen) on beneficiaries to kauri_app;
