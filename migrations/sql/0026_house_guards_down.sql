revoke update (first_seen) on beneficiaries from kauri_app;
drop trigger another_confirms on transitions;
drop function another_confirms;
alter table settlement_holidays no force row level security;
delete from settlement_holidays where calendar = 'KE' and name like '% (Monday)';
alter table settlement_holidays force row level security;
