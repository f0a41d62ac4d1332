"""MTN Mobile Money through the MoMo Open API."""
