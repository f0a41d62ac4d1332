"""Seeded bugs: small changes that tests or sweep must catch, or their green means little."""
