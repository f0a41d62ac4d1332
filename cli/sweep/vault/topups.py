"""Top-ups of the sweep: a phone rings, or the bank tells of a transfer."""

from cli.demo.vault import bank
from cli.demo.vault.told import Player
from cli.sweep.vault.driven import Lent
from cli.sweep.vault.lender import again
from simulators.faults import named

_MINOR = 150_000


class TopUps:
    """By phone where the cell's provider is M-Pesa, else by bank."""

    def __init__(self, player: Player) -> None:
        self._player = player

    async def prepare(self, lent: Lent) -> None:
        """Nothing: the request is what may be stopped."""

    async def begin(self, lent: Lent) -> None:
        """Ask for it, with the same key until it is answered; by bank also pay it in."""
        by_bank = lent.cell.provider == "ncba"
        body = {"amount": _MINOR, "via": "bank" if by_bank else "mobile_money"}
        if not by_bank:
            body["phone"] = f"+{_phone(lent)}"
        client, key = self._player.client, lent.reference
        path = "/v1/wallet/topups"
        announced = await again(lambda: client.post(path, body, key=key))
        lent.where = f"{path}/{announced['id']}"
        if by_bank:
            await bank.pay_in(self._player, _MINOR, announced["reference"], form="xml")


def _phone(lent: Lent) -> str:
    if lent.cell.point and lent.cell.fault == "paid":
        return f"25472{lent.reference[-4:]:0>7}"
    return "2547000000" + named(lent.cell.fault).suffix
