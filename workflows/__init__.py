"""What is decided. One workflow per file; no I/O, no clock, no randomness of its own."""
