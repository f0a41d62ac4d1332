"""Signatures of Camtel's callbacks, as proposed. Nothing here raises."""

import hashlib
import hmac
import time
from collections.abc import Callable, Mapping

from providers.camtel.settings import CamtelSettings

HEADER = "X-Signature"
#: Seconds between Camtel's clock and ours.
TOLERANCE = 300


def signature(secret: str, stamp: str, body: bytes) -> str:
    """HMAC-SHA256 in hex over stamp, a dot and the body."""
    return hmac.new(secret.encode(), f"{stamp}.".encode() + body, hashlib.sha256).hexdigest()


def is_from_camtel(
    settings: CamtelSettings,
    body: bytes,
    headers: Mapping[str, str],
    *,
    clock: Callable[[], float] = time.time,
) -> bool:
    """Whether a callback is Camtel's. Without a secret none is."""
    secret = settings.callback_secret.get_secret_value()
    pairs = [part.strip().partition("=") for part in headers.get(HEADER.lower(), "").split(",")]
    told = {name: value for name, _, value in pairs}
    stamp = told.get("t", "")
    if not secret or not (stamp.isascii() and stamp.isdecimal() and len(stamp) < 13):
        return False
    if abs(clock() - int(stamp)) > TOLERANCE:
        return False
    ours = signature(secret, stamp, body).encode()
    return hmac.compare_digest(ours, told.get("v1", "").encode())
