"""A mail server whose mailbox anybody may read."""
