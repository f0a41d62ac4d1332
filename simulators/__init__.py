"""Providers that misbehave on request."""
