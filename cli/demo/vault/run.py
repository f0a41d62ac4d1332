"""The vault's part of the demo: two lenders enrolled, everything they do, and the four books."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager

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
#: Float that is bought, and float whose code nobody types.
_FLOAT, _UNTYPED = 2_000_000, 20_000_000


async def play(stack: Stack, players: Sequence[Player], say: Say) -> list[Told]:
    """Play all of it; what happened."""
    say("two lenders top up, lend, buy float and are paid back, side by side")
    one, two = players
    await bank.register(one.client, stack.urls.api, stack.settings().callback_secret)
    act, lent = _Act(stack, say), asyncio.Event()
    await asyncio.gather(act.hooked(one, lent), act.polled(two, lent))
    return act.told


async def agreed(database: Database, players: Sequence[Player]) -> list[Finding]:
    """Whether the books agree. Nothing may be on its way to or from the bank meanwhile."""
    return [
        *await books.bank_agrees(database.system, players[0]),
        *[found for player in players for found in await books.agree(database.system, player)],
    ]


class _Act:
    """Plays; every line is said when its story has ended."""

    def __init__(self, stack: Stack, say: Say) -> None:
        self._api = stack.urls.api
        self._key = stack.settings().callback_secret
        self._say = say
        self.told: list[Told] = []

    async def hooked(self, player: Player, others_lent: asyncio.Event) -> None:
        """A lender whose hook tells of its loans. Nobody types the code for its float."""
        await office.hook(player, self._api, self._key)
        await self._together(
            bank.top_up(player, _PLENTY, form="xml"),
            bank.ring(player, _RUNG),
            bank.nobodys(player, _NOBODYS),
        )
        await asyncio.gather(
            self._together(floats.too_late(player, _UNTYPED)), self._lend(player, others_lent)
        )

    async def polled(self, player: Player, lent: asyncio.Event) -> None:
        """A lender whose loans the poll finds: one meets an empty wallet first, and waits."""
        waiting = await loans.short(player)
        await self._together(
            bank.top_up(player, _START, form="json"),
            player.follow(loans.SHORT.title, waiting, loans.SHORT.status),
        )
        await self._together(*(loans.play(player, story) for story in loans.POLLED))
        lent.set()
        await self._together(floats.buy(player, _FLOAT))

    async def _lend(self, player: Player, others_lent: asyncio.Event) -> None:
        """Loans and repayments; Mifos X, which all lenders share, goes down when all is booked."""
        await self._together(*(loans.play(player, story) for story in loans.HOOKED))
        await asyncio.gather(self._together(loans.checked(player)), self._repaid(player))
        await others_lent.wait()
        await self._together(loans.while_down(player))

    async def _repaid(self, player: Player) -> None:
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
async def all_enrolled(stack: Stack, operators: Keys, say: Say) -> AsyncIterator[list[Player]]:
    """The demo's lenders, enrolled side by side."""
    say("two lenders enter their secrets, which are checked by real calls")
    async with AsyncExitStack() as opened:
        entering = [
            opened.enter_async_context(enrolled(stack, operators, lender)) for lender in LENDERS
        ]
        yield await asyncio.gather(*entering)


@asynccontextmanager
async def enrolled(stack: Stack, operators: Keys, lender: Lender) -> AsyncIterator[Player]:
    """A lender with its accounts outside, its credentials, its user and its products."""
    urls = stack.urls
    org, key = seed_partner(urls.database, lender.name)
    keys = Keys(merchant=key, operator=operators.operator, approver=operators.approver)
    async with DemoClient(urls.api, urls.simulators, keys) as client:
        user = await enrol(client, lender)
        yield Player(lender=lender, client=client, org=ids.shown(ids.ORG, org), approver=user["id"])
