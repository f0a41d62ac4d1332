"""The stack on one machine: PostgreSQL, Temporal and our own processes, as children."""
