"""The vault's part of the demo: two lenders enrolled, everything they do, and the four books."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

from cli.demo.client import DemoClient, Keys
from cli.demo.proof import Finding
from cli.demo.vault import bank, books, collections, floats, loans, office
from cli.demo.vault.lenders import LENDERS, Lender, enrol
from cli.demo.vault.told import Player, Told
from cli.seed import seed_partner
from cli.stack.stack import Stack
from models import ids
from runtime.database import Database

Say = Callable[[str], None]
#: Paid into a wallet: for everything, for a start, by phone; and by nobody in particular.
_PLENTY, _START, _RUNG, _NOBODYS = 50_000_000, 5_000_000, 500_000, 777_700
_FLOAT = 20_000_000


async def play(
    stack: Stack, database: Database, operators: Keys, say: Say
) -> tuple[list[Told], list[Finding]]:
    """Play all of it; what happened, and whether the books agree."""
    say("two lenders enter their secrets, which are checked by real calls")
    first, second = LENDERS
    async with enrolled(stack, operators, first) as one, enrolled(stack, operators, second) as two:
        act = _Act(stack, say)
        await act.wallets(one, two)
        await act.loans(one, two)
        await act.floats(one, two)
        await act.repayments(one)
        findings = [
            *await books.bank_agrees(database.system, one),
            *[
                found
                for player in (one, two)
                for found in await books.agree(database.system, player)
            ],
        ]
    return act.told, findings


class _Act:
    """Plays; every line is said when its story has ended."""

    def __init__(self, stack: Stack, say: Say) -> None:
        self._api = stack.urls.api
        self._key = stack.settings().callback_secret
        self._say = say
        self.told: list[Told] = []

    async def wallets(self, one: Player, two: Player) -> None:
        """Money by bank and by phone; a loan meets an empty wallet first, and waits for it."""
        await bank.register(one, self._api, self._key)
        waiting = await loans.short(two)
        await self._together(
            bank.top_up(one, _PLENTY, form="xml"),
            bank.ring(one, _RUNG),
            bank.nobodys(one, _NOBODYS),
            bank.top_up(two, _START, form="json"),
            two.follow(loans.SHORT.title, waiting, loans.SHORT.status),
        )

    async def loans(self, one: Player, two: Player) -> None:
        """One lender's hook tells of its loans, the other's are found by the poll."""
        await office.hook(one, self._api, self._key)
        await self._together(
            *(loans.play(one, story) for story in loans.HOOKED),
            *(loans.play(two, story) for story in loans.POLLED),
        )
        await self._together(loans.checked(one))
        await self._together(loans.while_down(one))

    async def floats(self, one: Player, two: Player) -> None:
        """One lender types a wrong code and the right one; nobody types the other's."""
        await self._together(floats.buy(one, _FLOAT), floats.too_late(two, _FLOAT // 10))

    async def repayments(self, player: Player) -> None:
        """Three clients pay back, each in another way."""
        await player.client.post("/v1/collections/register")
        first, second, third, *_ = await collections.accounts(player)
        await self._together(
            collections.by_phone(player, first),
            collections.by_pay_bill(player, second),
            collections.unmatched(player, third),
        )

    async def _together(self, *stories: Awaitable[Told]) -> None:
        for ended in asyncio.as_completed(list(stories)):
            self._tell(await ended)

    def _tell(self, told: Told) -> None:
        self.told.append(told)
        mark = "ok" if told.as_expected else "NOT AS EXPECTED"
        self._say(
            f"  {told.partner:<16} {told.title:<34} {told.status}  {told.seconds:.1f} s  {mark}"
        )


@asynccontextmanager
async def enrolled(stack: Stack, operators: Keys, lender: Lender) -> AsyncIterator[Player]:
    """A lender with its accounts outside, its credentials, its user and its products."""
    urls = stack.urls
    org, key = seed_partner(urls.database, lender.name)
    keys = Keys(merchant=key, operator=operators.operator, approver=operators.approver)
    async with DemoClient(urls.api, urls.simulators, keys) as client:
        user = await enrol(client, lender)
        yield Player(lender=lender, client=client, org=ids.shown(ids.ORG, org), approver=user["id"])
