"""Times in requests: those that have to come, and how far ahead they may lie."""

from datetime import UTC, datetime, timedelta

from api.methods import wrong

#: How far a caller's clock may be behind ours.
SKEW = timedelta(minutes=5)


def to_come(
    at: datetime | None,
    pointer: str,
    *,
    within: timedelta | None = None,
    late: timedelta = timedelta(),
) -> None:
    """Raises Invalid for a time that is over for longer than `late`, or further than `within`."""
    if at is None:
        return
    ahead = at - datetime.now(UTC)
    if ahead <= -late:
        raise wrong(pointer, "a time to come: this one is over")
    if within is not None and ahead > within:
        raise wrong(pointer, f"{within.days} days ahead at most")
