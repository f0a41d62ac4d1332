"""Addresses partners name: no connection to anything that is not public, whatever it is called."""

from collections.abc import Sequence

import httpx
import pytest

from providers.contract import Unreachable
from providers.http import Line
from runtime.guarded import GuardedTransport
from simulators.kms import Kms
from simulators.server import serving

INSIDE = ("127.0.0.1", "10.0.0.8", "169.254.169.254", "::1", "fd00::1")


ASKED: list[tuple[str, int]] = []


def names(*addresses: str) -> GuardedTransport:
    """A way out on which every name leads to these addresses; ASKED notes who was looked up."""
    ASKED.clear()

    async def resolve(host: str, port: int) -> Sequence[str]:
        ASKED.append((host, port))
        return addresses

    return GuardedTransport(allow_internal=False, resolve=resolve)


@pytest.mark.parametrize("address", INSIDE)
async def test_a_name_that_leads_inside_is_never_connected_to(address: str) -> None:
    line = Line("https://mifos.example", transport=names(address))
    with pytest.raises(Unreachable, match="ConnectError"):
        await line.send("GET", "/loanproducts", headers={})
    await line.aclose()
    assert ASKED == [("mifos.example", 443)]


async def test_one_address_inside_among_public_ones_is_enough_to_refuse() -> None:
    line = Line("https://mifos.example", transport=names("93.184.215.14", "10.0.0.8"))
    with pytest.raises(Unreachable):
        await line.send("GET", "/loanproducts", headers={})
    await line.aclose()


async def test_where_internal_hosts_are_allowed_the_call_goes_through() -> None:
    async with serving(Kms().app()) as address:
        transport = GuardedTransport(allow_internal=True)
        async with httpx.AsyncClient(transport=transport) as client:
            answer = await client.post(f"{address}/v1/transit/encrypt/k", content=b"{}")
    assert answer.status_code == 403
