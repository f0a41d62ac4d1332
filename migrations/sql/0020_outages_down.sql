update attempts set state = 'created' where state = 'queued';
alter table attempts drop constraint attempts_state_check, add constraint attempts_state_check check (
  state in ('created','sending','accepted','awaiting_customer','unknown',
    'not_received','needs_review','succeeded','failed','rejected','reversed'));
delete from rls_exceptions where table_name = 'rail_queue';
drop table rail_queue, rail_windows, rail_changes, rail_watchers, rail_outcomes, rail_health;
