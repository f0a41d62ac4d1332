"""Ports on loopback: the usual one when it is free, a remembered or a quiet one otherwise."""

import random
import socket
from collections.abc import Container

#: Below the range systems give to outgoing connections: a client that keeps asking for a dead
#: server on a port of that range can end up connected to itself.
_QUIET = range(20_000, 32_000)


def is_free(port: int) -> bool:
    """True when nothing listens on 127.0.0.1:port (a port in TIME_WAIT counts as free)."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def choose(usual: int, taken: Container[int] = ()) -> int:
    """The usual port if it is free and not taken, else another; RuntimeError if none is."""
    if usual and usual not in taken and is_free(usual):
        return usual
    for port in random.sample(_QUIET, 200):
        if port not in taken and is_free(port):
            return port
    raise RuntimeError("no free port on 127.0.0.1: 200 were tried")
