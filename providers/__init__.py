"""Who we talk to: one folder per provider."""
