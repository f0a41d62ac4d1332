"""Where the keys live that wrap data keys: a file, a key management service, a vault."""
