"""Database schema, written by hand."""
