"""Every way a call fails, and whether its request may have arrived."""

import httpx

from providers.contract import Ambiguous, Unreachable

NEVER_LEFT: tuple[Exception, ...] = (
    httpx.ConnectError("refused"),
    httpx.ConnectTimeout("slow"),
    httpx.PoolTimeout("full"),
)
LEFT: tuple[Exception, ...] = (
    httpx.ReadTimeout("slow"),
    httpx.WriteTimeout("slow"),
    httpx.ReadError("reset"),
    httpx.WriteError("reset"),
    httpx.RemoteProtocolError("server disconnected without a response"),
)
FAILURES = [(error, Unreachable) for error in NEVER_LEFT] + [(error, Ambiguous) for error in LEFT]
NAMES = [type(error).__name__ for error, _ in FAILURES]
