"""Ports on loopback: the usual one when it is free, a remembered or a quiet one otherwise.

Nobody listens on a port that was only just chosen: a note in the temporary folder keeps it from
every other process that chooses meanwhile.
"""

import fcntl
import json
import os
import random
import socket
import tempfile
import time
from collections.abc import Callable, Container, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

#: Below the range systems give to outgoing connections: a client that keeps asking for a dead
#: server on a port of that range can end up connected to itself.
_QUIET = range(20_000, 32_000)
#: Seconds until whoever chose a port listens on it, or has given up.
_HELD_FOR = 60.0
_NOTES = Path(tempfile.gettempdir()) / f"kauri-ports-{os.getuid()}"

#: By port: the process that chose it, and when.
Held = dict[int, tuple[int, float]]


def is_free(port: int) -> bool:
    """True when nothing listens on 127.0.0.1:port (a port in TIME_WAIT counts as free)."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def choose(
    usual: int,
    taken: Container[int] = (),
    *,
    notes: Path = _NOTES,
    clock: Callable[[], float] = time.time,
) -> int:
    """The usual port if it is free and nobody's, else another; RuntimeError if none is.

    What this process chose before it may have again where it is the usual one.
    """
    with _noted(notes, clock()) as held:
        port = _chosen(usual, taken, held)
        held[port] = (os.getpid(), clock())
    return port


def _chosen(usual: int, taken: Container[int], held: Held) -> int:
    ours = usual not in held or held[usual][0] == os.getpid()
    if usual and ours and usual not in taken and is_free(usual):
        return usual
    for port in random.sample(_QUIET, 200):
        if port not in taken and port not in held and is_free(port):
            return port
    raise RuntimeError("no free port on 127.0.0.1: 200 were tried")


@contextmanager
def _noted(notes: Path, now: float) -> Iterator[Held]:
    """What is held now, to be changed by one process at a time."""
    flags = os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW
    with os.fdopen(os.open(notes, flags, 0o600), "r+") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        held = _standing(file.read(), now)
        yield held
        file.seek(0)
        file.truncate()
        json.dump(held, file)


def _standing(text: str, now: float) -> Held:
    """Notes that still count: young enough, and of processes that live."""
    told: dict[str, tuple[int, float]] = {}
    with suppress(ValueError):  # cut short by a power loss
        told = json.loads(text)
    return {
        int(port): (process, at)
        for port, (process, at) in told.items()
        if now - at < _HELD_FOR and _lives(process)
    }


def _lives(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
