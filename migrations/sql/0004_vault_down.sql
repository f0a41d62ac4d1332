delete from retention where class = 'saga_step';
delete from inbox where kind in ('result','arrival','request');
alter table inbox drop constraint inbox_kind_check, drop column slug,
  add constraint inbox_kind_check check (kind in ('callback','attempt','cancel'));
delete from cases where saga_id is not null or attempt_id is null;
alter table cases drop constraint cases_about_something, drop column saga_id, drop column data,
  alter column checkout_id set not null, alter column payment_id set not null,
  alter column attempt_id set not null,
  add constraint cases_kind_check check (kind in ('late_money','paid_twice','amount_mismatch',
    'currency_mismatch','contradiction','unresolved'));
drop table otps, saga_steps, instructions, sagas;
