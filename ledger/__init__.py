"""What is owed: double-entry bookkeeping."""
