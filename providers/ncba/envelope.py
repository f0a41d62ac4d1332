"""Reads the bank's SOAP notice without believing it: no DTD, no entities, no depth. Pure."""

from collections.abc import Mapping
from xml.parsers import expat

from providers.wire import MAX_BODY

_REQUEST = "NCBAPaymentNotificationRequest"
_DEEPEST = 8


class _Refused(Exception):
    """The document is not one we read."""


class _Notice:
    """Collects the text of the request's children, as sent."""

    def __init__(self) -> None:
        self.fields: dict[str, str] = {}
        self.requests = 0
        self._path: list[str] = []
        self._text: list[str] = []

    def start(self, tag: str, _attributes: Mapping[str, str]) -> None:
        self._path.append(tag.rpartition(":")[2])
        self._text = []
        self.requests += self._path[-1] == _REQUEST
        if len(self._path) > _DEEPEST:
            raise _Refused

    def data(self, text: str) -> None:
        self._text.append(text)

    def end(self, _tag: str) -> None:
        name, text = self._path.pop(), "".join(self._text)
        self._text = []
        # Two readers must never see two messages: a field said twice must say the same.
        if self._path[-1:] == [_REQUEST] and self.fields.setdefault(name, text) != text:
            raise _Refused


def children(body: bytes) -> dict[str, str] | None:
    """The fields of the one payment notice in `body`; None for anything else.

    A document type is refused where it begins, so no entity is ever defined or unfolded.
    """
    # expat would follow a byte order mark into UTF-16; the bank writes UTF-8.
    if len(body) > MAX_BODY or b"\0" in body:
        return None
    notice, parser = _Notice(), expat.ParserCreate("utf-8")
    parser.StartElementHandler = notice.start
    parser.CharacterDataHandler = notice.data
    parser.EndElementHandler = notice.end
    parser.StartDoctypeDeclHandler = _refuse
    try:
        parser.Parse(body, True)  # noqa: FBT003 - expat takes it by position only
    except (expat.ExpatError, _Refused, ValueError):
        return None
    return notice.fields if notice.requests == 1 else None


def _refuse(*_declared: object) -> None:
    raise _Refused
