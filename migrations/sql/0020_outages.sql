-- outages.
select 1;
