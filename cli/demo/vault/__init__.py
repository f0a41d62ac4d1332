"""The demo's lenders: wallets filled, loans paid out, float bought, repayments taken."""
