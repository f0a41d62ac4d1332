"""Safaricom's Daraja: token, STK push, STK query, callback."""
