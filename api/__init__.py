"""What merchants and providers send us."""
