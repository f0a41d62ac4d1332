-- escrows.
select 1;
