"""Exceptions: two people give nobody's money to a wallet, or say that it was sent back."""

import asyncio

from cli.demo.vault.bank import POOL
from cli.demo.vault.told import Player
from cli.sweep.desk.cells import AT_ONCE, GIVEN, RETURNED
from cli.sweep.desk.credits import Credits
from cli.sweep.desk.deciding import decide
from cli.sweep.desk.filed import Filed
from cli.sweep.vault.lender import again
from models import ids


class Exceptions:
    """Decided once, by whoever comes first."""

    def __init__(self, player: Player, money: Credits) -> None:
        self._player, self._money = player, money

    async def prepare(self, filed: Filed) -> None:
        """Have money that names nobody."""
        await self._money.pay_in(filed)
        filed.subject = ids.shown(ids.CASE, await self._money.case(filed))

    async def begin(self, filed: Filed) -> None:
        """Decide it; money said to be sent back leaves the bank."""
        both = filed.cell.fault == AT_ONCE
        words = (GIVEN, RETURNED) if both else (filed.cell.provider,)
        await asyncio.gather(*(self._say(filed, word) for word in words))
        if await self._stands(filed) == RETURNED:
            back = {"account": POOL, "amount_minor": -filed.minor, "narrative": "SENT BACK"}
            await self._player.client.control("ncba/credit", {**back, "form": "none"})

    async def _say(self, filed: Filed, word: str) -> None:
        whose = {"organisation": self._player.org} if word == GIVEN else {}
        path = f"/v1/operator/exceptions/{filed.subject}/decide"
        await decide(self._player.client, path, decision=word, **whose)

    async def _stands(self, filed: Filed) -> str | None:
        path = "/v1/operator/exceptions?state=decided&limit=500"
        page = await again(lambda: self._player.client.operate("GET", path))
        return next((one["decision"] for one in page["data"] if one["id"] == filed.subject), None)
