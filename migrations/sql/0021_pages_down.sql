drop table payment_link_uses, payment_links, receipts, receipt_counters, payer_contacts, org_profiles;
delete from retention where class = 'payer_contact';
drop index refund_reservations_refunded;
drop policy kauri_system_policy on refund_reservations;
revoke select on refund_reservations from kauri_system;
delete from rls_exceptions where table_name in ('payer_contacts','payment_links','refund_reservations');
