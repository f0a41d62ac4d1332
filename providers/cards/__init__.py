"""Cards: Mastercard Gateway's hosted checkout, Visa and Mastercard; refunds, notifications."""
