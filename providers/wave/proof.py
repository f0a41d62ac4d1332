"""Signatures: of our requests, and of Wave's webhooks. Nothing here raises."""

import hashlib
import hmac
import time
from collections.abc import Callable, Mapping

from providers.wave.settings import WaveSettings

HEADER = "Wave-Signature"
#: Seconds between Wave's clock and ours.
TOLERANCE = 300


def signature(secret: str, stamp: str, body: bytes) -> str:
    """HMAC-SHA256 in hex over stamp and body, joined plainly: several SDKs put a dot between."""
    return hmac.new(secret.encode(), stamp.encode() + body, hashlib.sha256).hexdigest()


def signed(secret: str, body: bytes, *, clock: Callable[[], float] = time.time) -> str:
    """The header of a request of ours."""
    stamp = str(int(clock()))
    return f"t={stamp},v1={signature(secret, stamp, body)}"


def is_from_wave(
    settings: WaveSettings,
    body: bytes,
    headers: Mapping[str, str],
    *,
    clock: Callable[[], float] = time.time,
) -> bool:
    """Whether a webhook is Wave's, by the proof chosen at registration. Without a secret none is.

    `headers` are found by their lower-case names.
    """
    secret = settings.webhook_secret.get_secret_value()
    if not secret:
        return False
    if settings.webhook_proof == "bearer":
        sent = headers.get("authorization", "").encode()
        return hmac.compare_digest(sent, f"Bearer {secret}".encode())
    return _signature_holds(secret, body, headers.get(HEADER.lower(), ""), clock())


def _signature_holds(secret: str, body: bytes, header: str, now: float) -> bool:
    """Several `v1` come while the secret is being changed: any of them will do."""
    pairs = [part.strip().partition("=") for part in header.split(",")]
    stamp = next((value for name, _, value in pairs if name == "t"), "")
    if not (stamp.isascii() and stamp.isdecimal() and len(stamp) < 13):
        return False
    if abs(now - int(stamp)) > TOLERANCE:
        return False
    ours = signature(secret, stamp, body).encode()
    sent = [value.encode() for name, _, value in pairs if name == "v1"]
    return any(hmac.compare_digest(ours, one) for one in sent)
