"""Airtel Money Africa: USSD push, disbursements, account look-ups."""
