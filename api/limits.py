"""The coarse limit per merchant: a bucket of tokens, in memory, per process."""

import math
import time
from collections.abc import Callable
from dataclasses import dataclass

#: Where the RateLimit headers wait in the ASGI scope for the edge.
RATE = "kauri.rate"
_FORGET_ABOVE = 10_000


@dataclass(slots=True)
class _Bucket:
    tokens: float
    at: float


class Limiter:
    """`rate` requests per second of each name; a second's worth may come at once."""

    def __init__(self, rate: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._rate = rate
        self._clock = clock
        self._buckets: dict[bytes, _Bucket] = {}

    def take(self, key: bytes) -> tuple[bool, list[tuple[bytes, bytes]]]:
        """Whether one more request may pass, and the RateLimit headers that tell."""
        now = self._clock()
        bucket = self._buckets.get(key)
        if bucket is None:
            bucket = self._buckets[key] = self._fresh(now)
        bucket.tokens = min(float(self._rate), bucket.tokens + (now - bucket.at) * self._rate)
        bucket.at = now
        passes = bucket.tokens >= 1
        if passes:
            bucket.tokens -= 1
        return passes, self._headers(bucket)

    def _fresh(self, now: float) -> _Bucket:
        if len(self._buckets) >= _FORGET_ABOVE:
            self._buckets.clear()
        return _Bucket(float(self._rate), now)

    def _headers(self, bucket: _Bucket) -> list[tuple[bytes, bytes]]:
        reset = math.ceil((self._rate - bucket.tokens) / self._rate)
        return [
            (b"ratelimit-limit", str(self._rate).encode()),
            (b"ratelimit-remaining", str(int(bucket.tokens)).encode()),
            (b"ratelimit-reset", str(reset).encode()),
        ]
