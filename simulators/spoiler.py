"""Spoils an answer: in the provider's own words where it has some, else on the wire."""

from collections.abc import Callable, Mapping
from itertools import cycle

from fastapi import Request, Response

from simulators.faults import Wire
from simulators.settings import Behaviour
from simulators.tokens import Tokens
from simulators.wire import spoil

#: How one provider words a fault.
Words = Mapping[Wire, Callable[[Behaviour], Response]]


class Spoiler:
    """Answers of one provider. `storm` words a 5xx of the storm."""

    def __init__(self, *, words: Words, storm: Callable[[int], Response], tokens: Tokens) -> None:
        self._words = words
        self._storm = storm
        self._tokens = tokens
        self._statuses = cycle((500, 502, 504))

    def answer(
        self, request: Request, wire: Wire, clean: Response, behaviour: Behaviour
    ) -> Response:
        """The clean answer, spoiled; a token that expires in flight is dead from then on."""
        if wire is Wire.TOKEN_EXPIRED:
            self._tokens.revoke(request.headers.get("authorization", ""))
        if wire is Wire.STORM:
            return self._storm(next(self._statuses))
        if wire in self._words:
            return self._words[wire](behaviour)
        return spoil(wire, clean, behaviour)
