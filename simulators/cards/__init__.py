"""Mastercard Gateway: hosted checkout with its page, orders, refunds, notifications."""
