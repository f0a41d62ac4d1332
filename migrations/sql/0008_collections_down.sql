drop index sagas_by_receipt;
drop table collection_rules;
