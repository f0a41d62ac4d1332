-- payouts.
select 1;
