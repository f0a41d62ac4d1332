"""Ids in paths and queries: one that is none of its kind names nothing."""

from uuid import UUID

from api.errors import NotFound
from models import ids


def named(prefix: str, text: str, what: str) -> UUID:
    """The UUID behind a public id. Raises NotFound for any other text."""
    try:
        return ids.parsed(prefix, text)
    except ids.BadId as error:
        raise NotFound(f"there is no such {what}") from error
