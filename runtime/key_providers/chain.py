"""Several key providers as one: the first wraps, each unwraps what it wrapped.

So an installation moves from one to another: put the new one first, `kauri keys rotate`, drop
the old one.
"""

from collections.abc import Sequence
from uuid import UUID

from runtime.key_providers.contract import KeyProvider, KeyRefused, Wrapped


class Chain:
    """Key providers in order of preference."""

    def __init__(self, providers: Sequence[KeyProvider]) -> None:
        self._providers = tuple(providers)

    def holds(self, kek: str) -> bool:
        """Whether any of them keeps the key."""
        return any(one.holds(kek) for one in self._providers)

    async def wrap(self, key: bytes, *, org: UUID) -> Wrapped:
        """Wrap with the first."""
        return await self._providers[0].wrap(key, org=org)

    async def unwrap(self, wrapped: Wrapped, *, org: UUID) -> bytes:
        """Unwrap with the one that holds the key. Raises KeyRefused when none does."""
        for one in self._providers:
            if one.holds(wrapped.kek):
                return await one.unwrap(wrapped, org=org)
        raise KeyRefused(f"the key {wrapped.kek} is not configured")

    async def aclose(self) -> None:
        """Close all."""
        for one in self._providers:
            await one.aclose()
