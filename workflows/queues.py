"""Task-queue names."""

CHECKOUTS = "checkouts"
NOTICES = "notices"
UPKEEP = "upkeep"
VAULT = "vault"
