drop table wallet_alerts, tariffs;
drop function tariff_bands_apart;
delete from rls_exceptions where table_name in ('wallet_alerts','tariffs');
