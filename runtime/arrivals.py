"""Who handles what comes through a standing door: one handler per slug."""

from collections.abc import Mapping

from runtime.database import Database
from runtime.vault import Vault
from runtime.vault_inbox import Arrives


def arrivals(database: Database, vault: Vault) -> Mapping[str, Arrives]:  # noqa: ARG001 - handlers are made from them; there is none yet
    """The handlers by slug, with what they need."""
    return {}
