alter table orgs drop column confirm_payouts;
