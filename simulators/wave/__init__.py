"""Wave: checkout sessions, webhooks, payouts with idempotency keys, recipients, balance."""
