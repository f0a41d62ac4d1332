"""MTN MoMo Open API: provisioning, token, request to pay, account holder, callback."""
