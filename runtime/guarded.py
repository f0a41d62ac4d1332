"""The way out to addresses partners name: as guarded as the way out to merchants.

A partner could name a host that resolves to our own network: the connection is made to a
checked address, never to a name that may resolve to another one afterwards.
"""

import httpcore
import httpx

from runtime.egress import AddressRefused, PinnedBackend, Resolver, resolved

_LIMITS = httpx.Limits(max_connections=50, max_keepalive_connections=10, keepalive_expiry=2.0)


class GuardedTransport(httpx.AsyncHTTPTransport):
    """HTTP to public addresses only; `allow_internal` for tests and simulators."""

    def __init__(self, *, allow_internal: bool, resolve: Resolver = resolved) -> None:
        super().__init__(trust_env=False, limits=_LIMITS)
        # httpx takes no network backend; its pool does, and a test holds that it is used.
        self._pool = httpcore.AsyncConnectionPool(
            ssl_context=httpx.create_ssl_context(trust_env=False),
            max_connections=_LIMITS.max_connections,
            max_keepalive_connections=_LIMITS.max_keepalive_connections,
            keepalive_expiry=_LIMITS.keepalive_expiry,
            network_backend=PinnedBackend(
                httpcore.AnyIOBackend(), resolve, allow_internal=allow_internal
            ),
        )

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send; an address that is refused is one we never connected to."""
        try:
            return await super().handle_async_request(request)
        except AddressRefused as no:
            raise httpx.ConnectError(str(no), request=request) from no
