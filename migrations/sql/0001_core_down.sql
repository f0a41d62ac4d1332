drop table retention, inbox, starts, cases, transitions, evidence, attempts, payments, checkouts,
  idempotency_keys, api_keys, data_keys, orgs, rls_exceptions;
drop procedure except_from_scope(text, text, text, text);
drop procedure scope_to_org(text);
drop function app_mode();
drop function app_org();
