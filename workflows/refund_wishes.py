"""What a refund was asked while it waits: to be given up, or to look again."""

from typing import Any


class Wishes:
    """`awake`: somebody said that there is something to look at. `given_up_by` stays."""

    def __init__(self) -> None:
        self.awake = False
        self.given_up_by: str | None = None

    def hear(self, message: dict[str, Any]) -> None:
        """One request."""
        self.awake = True
        if message.get("cancel"):
            self.given_up_by = str(message.get("actor") or "kauri")
