"""Refunds, swept: given back by MTN, or paid out to the payer after two people agreed."""
