"""Payouts, swept: killed at every step, on rails that misbehave in every way."""
