"""Airtel Money: token, USSD push, enquiry, callback, refund, disbursement, look-ups."""
