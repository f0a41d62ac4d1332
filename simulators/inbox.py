"""What people were told, by whichever way: texts and mails in the order they arrived."""

from collections import deque
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any

_KEPT = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """One text or mail in somebody's hands."""

    via: str
    to: str
    sender: str
    text: str
    subject: str = ""
    reference: str = ""


class Inbox:
    """Every phone and every mailbox at once."""

    def __init__(self) -> None:
        self._kept: deque[dict[str, Any]] = deque(maxlen=_KEPT)

    def take(self, text: Text) -> None:
        """It arrived."""
        self._kept.append({"at": datetime.now(UTC).isoformat(), **asdict(text)})

    def read(self, to: str | None) -> list[dict[str, Any]]:
        """What one number or mailbox holds, or everything; the oldest first."""
        return [text for text in self._kept if to is None or text["to"] == to]

    def clear(self) -> None:
        """Forget everything."""
        self._kept.clear()


def units(text: str) -> int:
    """What a text is charged: one unit per part, told apart roughly, as gateways do."""
    whole, part = (160, 153) if text.isascii() else (70, 67)
    return 1 if len(text) <= whole else -(-len(text) // part)
