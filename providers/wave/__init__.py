"""Wave: checkout on Wave's page, payouts, webhooks."""
