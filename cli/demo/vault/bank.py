"""Money that comes to the pool account, and the addresses the bank tells us of it at."""

from typing import Any
from urllib.parse import urlsplit

from cli.demo.client import DemoClient
from cli.demo.vault.told import Player, Told, until
from models import ids

#: Our account at the simulated bank (cli/stack/environment.py says the same to our processes).
POOL = "7744510018"
#: Results of our orders, movements of the account, payments to the bank's own pay bill.
_DOORS = {"callback_url": "kb1", "xml_url": "kb2", "json_url": "kb3"}
_CALLBACK_LOGIN = "sim-callback-user:sim-callback-password"


async def register(client: DemoClient, api: str, callback_key: bytes) -> None:
    """The bank learns where to tell us of our orders and of money on the pool account."""
    owner, host = ids.shown(ids.ORG, ids.PLATFORM_ORG), urlsplit(api).netloc
    paths = {
        name: f"http://{host}{ids.callback_path(owner, slug, callback_key)}"
        for name, slug in _DOORS.items()
    }
    paths["callback_url"] = paths["callback_url"].replace(host, f"{_CALLBACK_LOGIN}@{host}")
    await client.control("ncba/register", {"account": POOL, **paths})


async def top_up(player: Player, minor: int, *, form: str) -> Told:
    """Announce a transfer, and make it with our reference in its text."""
    announced = await player.client.post("/v1/wallet/topups", {"amount": minor, "via": "bank"})
    await pay_in(player, minor, f"{announced['reference']} {player.lender.app}", form=form)
    title = f"wallet topped up by bank ({form.upper()})"
    return await player.follow(title, f"/v1/wallet/topups/{announced['id']}", "credited")


async def ring(player: Player, minor: int) -> Told:
    """Top up by a phone that rings."""
    body = {"amount": minor, "via": "mobile_money", "phone": player.lender.approver}
    rung = await player.client.post("/v1/wallet/topups", body)
    where = f"/v1/wallet/topups/{rung['id']}"
    return await player.follow("wallet topped up by phone", where, "credited")


async def nobodys(player: Player, minor: int) -> Told:
    """A transfer without our reference: held in suspense, and a case is open."""
    paid = await pay_in(player, minor, "MONEY FOR YOU", form="xml")
    case = await until(lambda: _case(player, minor))
    return Told(
        partner="nobody's",
        title="bank credit without a reference",
        id=paid["reference"],
        path=("suspense",),
        status=case["kind"],
        expected="unmatched_credit",
        seconds=0.0,
    )


async def pay_in(player: Player, minor: int, narrative: str, *, form: str) -> dict[str, Any]:
    """Somebody transfers money to the pool account; what the bank calls it."""
    credit = {"account": POOL, "amount_minor": minor, "narrative": narrative, "form": form}
    paid: dict[str, Any] = await player.client.control("ncba/credit", credit)
    return paid


async def _case(player: Player, minor: int) -> dict[str, Any] | None:
    found = await player.client.operate("GET", "/v1/operator/exceptions")
    return next((case for case in found["data"] if case["amount"] == minor), None)
