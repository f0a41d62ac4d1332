"""Accounts repayments of the sweep go to: loans that were paid out by us, and savings."""

import asyncio

from cli.demo.vault import loans
from cli.demo.vault.loans import Story
from cli.demo.vault.told import Player

#: So much that nobody pays it off (an overpaid loan takes no payments by rule), and so little that
#: the short code can lend it to all of them.
_MINOR = 1_000_000
_AT_ONCE = 5


class Borrowers:
    """Loans are given out a few at a time, as every loan is: a poll or hook finds them."""

    def __init__(self, player: Player) -> None:
        self._player = player
        self._loans: list[int] = []
        self._shared = 0
        self._count = 0

    async def shared(self) -> int:
        """The loan of everybody whose books are not spoiled."""
        if not self._shared:
            self._shared = await self._given()
        return self._shared

    async def own(self) -> int:
        """A loan nobody else pays into."""
        if not self._loans:
            self._loans += await asyncio.gather(*(self._given() for _ in range(_AT_ONCE)))
        return self._loans.pop()

    async def savings(self) -> int:
        """A savings account nobody else pays into."""
        self._count += 1
        order = {
            "tenant": self._player.lender.tenant,
            "name": f"Saver {self._count}",
            "mobile": f"0724{self._count:06}",
            "savings": True,
        }
        made = await self._player.client.control("fineract/clients", order)
        return int(made["savings_id"])

    async def _given(self) -> int:
        """Approved, paid out and booked. Raises RuntimeError where it ends otherwise."""
        self._count += 1
        payee = f"0725{self._count:06}"
        story = Story(title="to be repaid", client="Borrower {n}", payee=payee, minor=_MINOR)
        loan = await loans.approve(self._player, story)
        where = await loans.found(self._player, loan)
        told = await self._player.follow(story.title, where, story.status)
        if not told.as_expected:
            raise RuntimeError(f"no loan to repay: {told.id} is {told.status}")
        return loan
