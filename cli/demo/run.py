"""The demo from start to end: stack, merchant, checkouts, lenders, proof, table."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from cli.demo import batch, escrow, outage, payers, payouts, proof, refund, treasury
from cli.demo.client import DemoClient, Keys
from cli.demo.play import Ended, play, play_while_down
from cli.demo.proof import Finding
from cli.demo.scenarios import CALM, STORMY, Scenario
from cli.demo.vault import run as vault
from cli.demo.vault.told import Player, Told
from cli.seed import mint_key, seed
from cli.stack.environment import PROVIDERS
from cli.stack.stack import Stack
from models.ids import PLATFORM_ORG
from runtime.database import Database

Say = Callable[[str], None]
_WAIT_SCALE = 0.05
#: Lenders are looked at every five seconds: scaled, as waits are.
#: Stories break calls on purpose: few of them are no outage.
_QUICKLY = {"KAURI_LOAN_POLL_SECONDS": "100", "KAURI_RAIL_OPENS_AFTER": "16"}
#: Camtel has published no contract. Our proposal is off everywhere; here, against its simulator,
#: it is switched on, so that every rail there is pays out.
_PROPOSED = {
    "CAMTEL_EXPERIMENTAL": "true",
    "CAMTEL_CLIENT_ID": "sim-camtel-client",
    "CAMTEL_CLIENT_SECRET": "sim-camtel-secret",
    "CAMTEL_CALLBACK_SECRET": "sim-camtel-callback",
    "KAURI_PROVIDERS": f"{PROVIDERS},camtel",
}
ENVIRONMENT = {**_QUICKLY, **_PROPOSED}
_WEBHOOK_DEADLINE = 60.0


class DemoFailed(Exception):
    """A checkout did not end as it must, or the books differ."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Played:
    """How every checkout and every story of the vault ended, and what was checked."""

    checkouts: Sequence[Ended]
    vault: Sequence[Told]
    findings: Sequence[Finding]

    @property
    def good(self) -> bool:
        """True when everything is as it must be."""
        ended = all(one.as_expected for one in self.checkouts)
        told = all(one.as_expected for one in self.vault)
        return ended and told and all(one.holds for one in self.findings)


def run(state: Path, say: Say) -> Played:
    """Play the demo in a stack of its own and stop it again."""
    stack = Stack(state, env=ENVIRONMENT, wait_scale=_WAIT_SCALE, usual_ports=False, say=say)
    stack.erase()
    try:
        stack.start()
        return asyncio.run(_play_all(stack, say))
    finally:
        stack.stop()


async def _play_all(stack: Stack, say: Say) -> Played:
    urls, keys = stack.urls, _keys(stack.urls.database)
    database = Database(urls.database, size=2)
    await database.open()
    try:
        async with DemoClient(urls.api, urls.simulators, keys) as client:
            await _listen(client, urls.simulators)
            await _take_time(client)
            calm = asyncio.create_task(_calm(client, say))
            async with vault.all_enrolled(stack, keys, say) as lenders:
                stormy, moved, paying = await asyncio.gather(
                    _storm(client, say), treasury.play(stack, say), batch.begin(client, say)
                )
                ended = await calm + stormy
                # Only the file is on its way: what becomes of the others is not left to the kill.
                await paying.broken_off(lambda: _kill_worker(stack))
                told, beside, batched = await asyncio.gather(
                    vault.play(stack, lenders, say), _stories(client, say), paying.end()
                )
                found = await _prove(client, database, ended, lenders, say)
            findings = [*found, *beside, moved.finding, batched.finding]
            return Played(checkouts=ended, vault=told, findings=findings)
    finally:
        await database.close()


async def _kill_worker(stack: Stack) -> None:
    """SIGKILL, and another on the same data."""
    await asyncio.to_thread(stack.kill, "worker")
    await asyncio.to_thread(stack.restart, "worker")


async def _stories(client: DemoClient, say: Say) -> list[Finding]:
    """What is told beside the lenders and the file, all at once."""
    down, paying, kept, back, sent = await asyncio.gather(
        outage.play(client, say),
        payers.play(client, say),
        escrow.play(client, say),
        refund.play(client, say),
        payouts.play(client, say),
    )
    return [down.finding, paying.finding, kept.finding, back.finding, sent.finding]


def _keys(database_url: str) -> Keys:
    """A merchant's key and two operators', minted for this demo."""
    operators = [
        mint_key(database_url, PLATFORM_ORG, principal=principal, scopes=("operator",))
        for principal in ("op.amina", "op.brian")
    ]
    merchant = seed(database_url, "Duka la Amani")
    return Keys(merchant=merchant, operator=operators[0], approver=operators[1])


async def _listen(client: DemoClient, simulators: str) -> None:
    """Register a webhook endpoint with a merchant that verifies every signature."""
    url = f"{simulators}/merchant/hooks/demo"
    endpoint = await client.post("/v1/webhook_endpoints", {"url": url})
    secrets = {"inbox": "demo", "secrets": [endpoint["secret"]]}
    await client.control("merchant/secrets", secrets)


async def _take_time(client: DemoClient) -> None:
    """Payers need a moment, so that an unknown outcome can be seen before it is known."""
    for provider in ("daraja", "momo"):
        pace = {"approve_after_seconds": 1.5, "hang_seconds": 0.8}
        await client.control(f"{provider}/settings", pace)


async def _calm(client: DemoClient, say: Say) -> list[Ended]:
    say(f"playing {len(CALM)} checkouts at once; each line appears when its checkout has ended")
    playing = [asyncio.create_task(_told(play(client, one), one, say)) for one in CALM]
    return list(await asyncio.gather(*playing))


async def _storm(client: DemoClient, say: Say) -> list[Ended]:
    say("now each provider goes down for a moment")
    playing = [_told(play_while_down(client, one), one, say) for one in STORMY]
    return list(await asyncio.gather(*playing))


async def _told(playing: Awaitable[Ended], scenario: Scenario, say: Say) -> Ended:
    try:
        ended = await playing
    except TimeoutError as error:
        raise DemoFailed(f"{scenario.provider}, {scenario.title}: did not end in time") from error
    mark = "ok" if ended.as_expected else "NOT AS EXPECTED"
    case = f", {ended.case} decided" if ended.case else ""
    say(
        f"  {scenario.provider:<5} {scenario.title:<34} "
        f"{ended.status}{case}  {ended.seconds:.1f} s  {mark}"
    )
    return ended


async def _prove(
    client: DemoClient,
    database: Database,
    ended: list[Ended],
    lenders: Sequence[Player],
    say: Say,
) -> list[Finding]:
    say("checking ledger, the simulators' own books and the merchant's inbox")
    webhooks = await _webhooks(client, ended)
    ledger = await proof.ledger_holds(database)
    books = await proof.books_equal(database, client)
    return [*ledger, *books, webhooks, *await vault.agreed(database, lenders)]


async def _webhooks(client: DemoClient, ended: list[Ended]) -> Finding:
    events: set[str] = set()
    for one in ended:
        page = await client.get(f"/v1/events?object={one.payment_id}&limit=100")
        events |= {event["id"] for event in page["data"]}
    deadline = time.monotonic() + _WEBHOOK_DEADLINE
    while True:
        finding = await proof.webhooks_arrived(client, events)
        if finding.holds or time.monotonic() > deadline:
            return finding
        await asyncio.sleep(0.5)
