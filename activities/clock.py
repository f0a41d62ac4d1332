"""The clock activities read where a test brings none of its own. Workflows have their own."""

from datetime import UTC, datetime


def utc_now() -> datetime:
    """Now."""
    return datetime.now(UTC)
