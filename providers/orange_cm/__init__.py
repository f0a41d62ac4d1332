"""Orange Money Cameroon by its core API: push to the phone, cash-in, subscribers."""
