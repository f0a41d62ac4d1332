-- The page on which a payer pays, where the provider has one (Wave, cards).
alter table attempts add column redirect_url text;
