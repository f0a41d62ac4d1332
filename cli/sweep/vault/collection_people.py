"""Money by the menu, and what two people decide about it, whatever is dead meanwhile."""

from typing import Any

import httpx

from cli.demo.vault.told import Player, until
from cli.sweep.vault.driven import Lent
from cli.sweep.vault.lender import again

_DECIDES = "/v1/operator/collections"
#: The decision is known, or was carried out: whoever asked did not hear of it.
_DONE = 409


async def pay(player: Player, lent: Lent, payment: dict[str, Any]) -> None:
    """Pay once, and wait until we know of it. What nobody learns of is the cell's problem."""
    lent.receipt = (await player.client.control("daraja/paybill", payment))["receipt"]

    async def look() -> dict[str, Any] | None:
        page = await again(lambda: player.client.get("/v1/collections?limit=100"))
        return next((one for one in page["data"] if one.get("receipt") == lent.receipt), None)

    try:
        lent.where = f"/v1/collections/{(await until(look))['id']}"
    except TimeoutError:
        lent.problem = f"M-Pesa was paid under {lent.receipt}, and we do not know of it"


async def paid(player: Player, lent: Lent, payment: dict[str, Any]) -> None:
    """Pay, and wait until it is posted or in suspense."""
    await pay(player, lent, payment)
    await _rests(player, lent, {"posted", "suspense"})


async def allocate(player: Player, lent: Lent, account: str) -> None:
    """Two people say whose it is."""
    word = {"word": "allocate", "account": account, "reason": "the client rang"}
    await _decide(player, f"{_DECIDES}/{lent.subject}/decide", word)
    await _rests(player, lent, {"posted"})


async def take_back(player: Player, lent: Lent) -> None:
    """M-Pesa takes it back, and two people have it undone."""
    await player.client.control("daraja/reverse", {"receipt": lent.receipt})
    word = {"evidence": "statement of the day", "reason": "M-Pesa took it back"}
    await _decide(player, f"{_DECIDES}/{lent.subject}/reversed", word)
    await _rests(player, lent, {"reversed", "reversal_review"})


async def _decide(player: Player, path: str, word: dict[str, Any]) -> None:
    """Until it is answered."""
    try:
        await again(lambda: player.client.operate("POST", path, word))
    except httpx.HTTPStatusError as error:
        if error.response.status_code != _DONE:
            raise


async def _rests(player: Player, lent: Lent, states: set[str]) -> None:
    """Wait for one of the states; the judge sees it where none comes in time."""

    async def look() -> dict[str, Any] | None:
        shown = await again(lambda: player.client.get(lent.where))
        return shown if shown["status"] in states else None

    try:
        await until(look)
    except TimeoutError:
        lent.problem = lent.problem or f"is not {' or '.join(sorted(states))}"
