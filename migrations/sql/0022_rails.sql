-- rails.
select 1;
