"""Orange Money Cameroon: the core API."""
