-- pages.
select 1;
