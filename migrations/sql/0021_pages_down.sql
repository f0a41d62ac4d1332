drop table payment_link_uses, payment_links, receipts, receipt_counters, payer_contacts, org_profiles;
delete from retention where class = 'payer_contact';
delete from rls_exceptions where table_name in ('payer_contacts','payment_links');
