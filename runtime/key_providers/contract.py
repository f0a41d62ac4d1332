"""What a key provider promises: data keys go in and out wrapped, bound to their organisation."""

from dataclasses import dataclass, field
from typing import Protocol
from uuid import UUID


class KeysAway(Exception):
    """The key provider cannot be reached or did not answer: nothing was wrapped or unwrapped."""


class KeyRefused(Exception):
    """The key provider will not open this: another organisation's, altered, or a key it lacks."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wrapped:
    """A data key under lock. `kek` names the provider's key, as the column of the same name."""

    kek: str
    sealed: bytes = field(repr=False)


class KeyProvider(Protocol):
    """Keeps key-encryption keys; they never leave it.

    `wrap` and `unwrap` raise KeysAway or KeyRefused. `holds` tells by its name alone whether a
    key is one of this provider's.
    """

    def holds(self, kek: str) -> bool:
        """Whether a key of this name is kept here."""
        ...

    async def wrap(self, key: bytes, *, org: UUID) -> Wrapped:
        """Wrap a data key of 32 bytes under the newest key."""
        ...

    async def unwrap(self, wrapped: Wrapped, *, org: UUID) -> bytes:
        """The data key."""
        ...

    async def aclose(self) -> None:
        """Close what is open."""
        ...
