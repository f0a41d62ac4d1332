"""The read side: SQL, one module per resource."""
