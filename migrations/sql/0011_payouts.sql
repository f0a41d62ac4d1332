-- Whether a result that says a loan was paid is asked about before it counts (docs/loans.md).
alter table orgs add column confirm_payouts text not null default 'none'
  check (confirm_payouts in ('none','query'));
