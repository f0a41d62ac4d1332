"""Orange Web Payment: a page, its status, unsigned notifications."""
