revoke select (org_id, livemode, principal, scopes, expires_at, revoked_at) on api_keys from kauri_app;
drop index sagas_payouts;
delete from retention where class = 'payout_payee';
drop table payees, payout_limits, payout_policies;
delete from rls_exceptions where table_name in ('payees','payout_policies');
