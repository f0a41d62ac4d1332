alter table collection_rules drop column confirm;
