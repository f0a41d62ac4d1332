"""Safaricom M-Pesa through Daraja."""
