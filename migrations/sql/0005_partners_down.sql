drop table loan_products, authorised_users, credentials;
delete from rls_exceptions where table_name in ('credentials');
revoke update (body) on idempotency_keys from kauri_app;
revoke update (kek, wrapped, retired_at) on data_keys from kauri_system;
-- What was sealed under a newer key is lost with it.
alter table data_keys no force row level security;
delete from data_keys where version > 1;
alter table data_keys force row level security;
alter table data_keys drop constraint data_keys_version, drop column version, drop column retired_at,
  add constraint data_keys_org_id_livemode_key unique (org_id, livemode);
