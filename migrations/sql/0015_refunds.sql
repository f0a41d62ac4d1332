-- refunds.
select 1;
