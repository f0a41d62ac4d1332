"""Moves between our own accounts, swept."""
