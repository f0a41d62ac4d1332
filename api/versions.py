"""ETag and If-Match: a change is refused when somebody else was faster."""

from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import Header

from api.errors import ChangedMeanwhile

IfMatch = Annotated[str | None, Header()]


def tag(row: Mapping[str, Any]) -> str:
    """The ETag of a row's version."""
    return f'"{row["version"]}"'


def check_unchanged(row: Mapping[str, Any], if_match: str | None) -> None:
    """Raises ChangedMeanwhile where If-Match names another version."""
    if if_match not in (None, "*", tag(row)):
        raise ChangedMeanwhile("read it again and decide anew")
