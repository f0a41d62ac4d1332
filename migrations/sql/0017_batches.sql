-- batches.
select 1;
