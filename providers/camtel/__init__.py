"""Camtel Blue Money behind a contract of our own: a proposal, switched off."""
