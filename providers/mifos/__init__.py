"""Mifos X (Apache Fineract): the lender's own books."""
