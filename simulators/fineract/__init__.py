"""Apache Fineract (Mifos X): tenants with their books, commands with their keys, hooks."""
