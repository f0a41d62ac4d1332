"""Twelve approved loans: what the lender's officer does, and what goes wrong on the way."""

import asyncio
from dataclasses import dataclass
from typing import Any

from cli.demo.vault import office
from cli.demo.vault.told import Player, Told, until

#: Payees whose last two digits choose what M-Pesa does (docs/simulators.md).
_MAGIC = "07000000"
_TASK = "DISBURSE_LOAN"
_DOWN_SECONDS = 3.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """One loan. `suffix` chooses what M-Pesa does, `fault` how the lender's books fail once.

    `payee`: a number of the client's own, as officers write it; then nothing is chosen.
    """

    title: str
    client: str
    suffix: str = "00"
    minor: int = 1_500_000
    status: str = "disbursed"
    fault: str = ""
    payee: str = ""

    @property
    def mobile(self) -> str:
        """As officers write it."""
        return self.payee or f"{_MAGIC}{self.suffix}"


#: Told to us by the lender's hook, each twice; the poll finds them as well.
HOOKED = (
    Story(title="paid; hook twice, poll as well", client="Wanjiru Kamau"),
    Story(
        title="refused: no such receiver", client="Otieno Odhiambo", suffix="07", status="failed"
    ),
    Story(title="lost B2C answer: asked", client="Akinyi Ouma", suffix="20"),
    Story(title="no B2C result: asked", client="Mwangi Njoroge", suffix="10"),
    Story(title="B2C result twice", client="Chebet Koech", suffix="11"),
    Story(title="books lose the answer: read back", client="Juma Baraka", fault="lost_answer"),
    Story(title="books locked for the night", client="Halima Said", fault="cob_lock"),
)
#: Found by the poll alone.
POLLED = (
    Story(title="paid; found by poll", client="Fatuma Ali"),
    Story(
        title="cents: parked, never rounded", client="Kadzo Mwaro", minor=1_234_550, status="parked"
    ),
)
DOWN = Story(title="books down after M-Pesa paid", client="Salim Omar")
SHORT = Story(title="wallet short, topped up", client="Mwanajuma Hassan")
CHECKED = Story(title="books wait for a checker", client="Nyevu Karisa")


async def play(player: Player, story: Story) -> Told:
    """Approve the loan and follow it."""
    loan = await approve(player, story)
    where = await found(player, loan)
    return await player.follow(story.title, where, story.status)


async def approve(player: Player, story: Story) -> int:
    """An officer enters and approves it; a fault of the books is ordered before."""
    tenant = player.lender.tenant
    order = {
        "tenant": tenant,
        "client_name": story.client,
        "mobile": story.mobile,
        "principal_minor": story.minor,
        "approved": False,
    }
    loan: int = (await player.client.control("fineract/loans", order))["loan_ids"][0]
    if story.fault:
        fault = {"fault": story.fault, "operation": "disburse", "tenant": tenant, "account": loan}
        await player.client.control("fineract/faults", fault)
    await player.client.control(f"fineract/loans/{loan}", {"tenant": tenant, "act": "approve"})
    return loan


async def found(player: Player, loan: int) -> str:
    """Wait until it is ours; its path in the API. Raises TimeoutError."""

    async def look() -> dict[str, Any] | None:
        page = await player.client.get(f"/v1/loans?loan={loan}")
        return page["data"][0] if page["data"] else None

    return f"/v1/loans/{(await until(look))['id']}"


async def while_down(player: Player) -> Told:
    """The lender's server is down when its books are to be told, and back a moment later."""
    where = await _being_paid(player, DOWN)
    await player.client.control("fineract/down", {"down": True, "how": "503"})
    await asyncio.sleep(_DOWN_SECONDS)
    await player.client.control("fineract/down", {"down": False})
    return await player.follow(DOWN.title, where, DOWN.status)


async def checked(player: Player) -> Told:
    """The books answer 200 and book nothing; a checker approves, and an operator asks again."""
    where = await _being_paid(player, CHECKED)
    await office.turn(player, maker_checker=[_TASK])
    waiting = await player.follow(CHECKED.title, where, "posting_review")
    await office.turn(player, maker_checker=[])
    await office.approve_parked(player, command=1)
    ask = {"reason": "the checker has approved it"}
    await player.client.operate("POST", f"/v1/operator/sagas/{waiting.id}/ask", ask)
    return await player.follow(CHECKED.title, where, CHECKED.status)


async def short(player: Player) -> str:
    """A loan meets an empty wallet and waits there; its path."""
    where = await found(player, await approve(player, SHORT))
    await player.follow(SHORT.title, where, "parked")
    return where


async def _being_paid(player: Player, story: Story) -> str:
    """Approve the loan and look away when M-Pesa has the order; its path."""
    where = await found(player, await approve(player, story))
    await player.follow(story.title, where, "sending")
    return where
