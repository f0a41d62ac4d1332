"""Our clients against the simulators on real sockets; their money book is the witness."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import aclosing
from dataclasses import replace
from typing import Any

import pytest
import pytest_asyncio

from models.charge import Charge
from models.ids import ATTEMPT, mint, parsed
from models.money import from_major
from models.reading import Reading, Verdict
from providers.airtel.client import AirtelClient
from providers.airtel.settings import AirtelSettings
from providers.cards.client import CardsClient
from providers.cards.settings import CardsSettings
from providers.contract import Ambiguous, Collects
from providers.momo.client import MomoClient
from providers.momo.settings import MomoSettings
from providers.mpesa.client import MpesaClient
from providers.mpesa.settings import MpesaSettings
from providers.orange.client import OrangeClient
from providers.orange.settings import OrangeSettings
from providers.orange_cm.client import OrangeCmClient
from providers.wave.client import WaveClient
from providers.wave.settings import WaveSettings
from simulators.settings import Settings
from tests.providers.sheets import airtel, camtel, cards, momo, mpesa, orange, orange_cm, wave
from tests.providers.wallets import camtel_client, orange_cm_settings
from tests.simulators.peers import World, a_world

pytestmark = pytest.mark.asyncio(loop_scope="module")

P, S, R, U = Verdict.PENDING, Verdict.SETTLED, Verdict.REFUSED, Verdict.UNKNOWN
# Last digits of the payer's number (docs/simulators.md), what the prompt says (None: nothing
# readable came back), what asking ends with (None: there is nothing to ask with).
MPESA = [
    ("00", P, S), ("01", P, R), ("02", P, R), ("03", P, R), ("04", P, R), ("05", P, R),
    ("06", P, R), ("07", P, R), ("08", P, R), ("10", P, S), ("13", P, S), ("24", P, S),
    ("29", P, S), ("32", P, S), ("20", None, None), ("21", None, None), ("23", None, None),
    ("26", U, None), ("30", U, None), ("31", U, None), ("27", R, None), ("28", R, None),
    ("33", R, None),
]  # fmt: skip
MOMO = [
    ("00", P, S), ("01", P, R), ("02", P, R), ("03", P, R), ("04", P, R), ("05", P, R),
    ("06", P, R), ("07", P, R), ("08", P, R), ("10", P, S), ("13", P, S), ("24", P, S),
    ("29", P, S), ("30", P, S), ("32", P, S), ("20", None, S), ("22", None, S), ("23", None, S),
    ("26", U, S), ("31", U, S), ("21", None, U), ("27", R, U), ("28", R, U), ("33", R, U),
]  # fmt: skip
WAVE = [
    ("00", P, S), ("01", P, R), ("02", P, R), ("03", P, R), ("04", P, R), ("05", P, R),
    ("06", P, R), ("07", P, R), ("08", P, R), ("10", P, S), ("12", P, S), ("16", P, S),
    ("24", P, S), ("32", P, S), ("20", None, S), ("22", None, S), ("23", None, S), ("26", U, S),
    ("30", U, S), ("31", U, S), ("21", None, U), ("25", U, U), ("29", U, U), ("27", R, U),
    ("28", R, U), ("33", R, U),
]  # fmt: skip
AIRTEL = [
    ("00", P, S), ("01", P, R), ("02", P, R), ("03", P, R), ("04", P, R), ("05", P, R),
    ("06", P, R), ("07", P, R), ("08", P, R), ("10", P, S), ("13", P, S), ("24", P, S),
    ("29", P, S), ("32", P, S), ("20", None, S), ("22", None, S), ("23", None, S), ("26", U, S),
    ("30", U, S), ("31", U, S), ("21", None, U), ("25", U, U), ("27", R, U), ("28", R, U),
    ("33", R, U),
]  # fmt: skip
ORANGE = [
    ("00", P, S), ("01", P, R), ("03", P, R), ("05", P, R), ("10", P, S), ("12", P, S),
    ("13", P, S), ("16", P, S), ("24", P, S), ("29", P, S), ("32", P, S), ("40", P, S),
    ("42", P, S), ("20", None, None), ("21", None, None), ("23", None, None), ("25", U, None),
    ("26", U, None), ("30", U, None), ("31", U, None), ("27", R, None), ("28", R, None),
    ("33", R, None),
]  # fmt: skip
#: As MTN, but asked by its token alone: refused before acting, there is none.
ORANGE_CM = [
    ("00", P, S), ("01", P, R), ("02", P, R), ("05", P, R), ("06", P, R), ("07", P, R),
    ("08", P, R), ("10", P, S), ("13", P, S), ("24", P, S), ("29", P, S), ("32", P, S),
    ("42", P, S), ("20", None, None), ("23", None, None), ("26", U, S), ("30", U, S),
    ("31", U, S), ("21", None, None), ("27", R, None), ("28", R, None), ("33", R, None),
]  # fmt: skip
CAMTEL = [
    ("00", P, S), ("01", P, R), ("02", P, R), ("03", P, R), ("05", P, R), ("07", P, R),
    ("10", P, S), ("13", P, S), ("16", P, S), ("24", P, S), ("29", P, S), ("32", P, S),
    ("40", P, S), ("42", P, S), ("20", None, S), ("22", None, S), ("23", None, S), ("26", U, S),
    ("30", U, S), ("31", U, S), ("21", None, U), ("25", U, U), ("27", R, U), ("28", R, U),
    ("33", R, U),
]  # fmt: skip
#: What was declined may be tried again until its page is over, long after these tests.
CARDS = [
    ("00", P, S), ("01", P, P), ("03", P, P), ("05", P, P), ("06", P, P), ("08", P, P),
    ("09", P, P), ("10", P, S), ("12", P, S), ("16", P, S), ("17", P, P), ("24", P, S),
    ("32", P, S), ("40", P, S), ("42", P, S), ("20", None, U), ("23", None, U), ("26", U, U),
    ("30", U, U), ("31", U, U), ("21", None, U), ("25", U, U), ("29", U, U), ("27", R, U),
    ("28", R, U), ("33", R, U),
]  # fmt: skip
CASES = [
    *[("airtel", *case) for case in AIRTEL],
    *[("camtel", *case) for case in CAMTEL],
    *[("cards", *case) for case in CARDS],
    *[("daraja", *case) for case in MPESA],
    *[("momo", *case) for case in MOMO],
    *[("orange", *case) for case in ORANGE],
    *[("orange_cm", *case) for case in ORANGE_CM],
    *[("wave", *case) for case in WAVE],
]
RETRYABLE = {"27", "28"}


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def world() -> AsyncIterator[World]:
    """Simulators twenty times faster than by default."""
    async with a_world(Settings(speed=0.05)) as opened:
        yield opened


#: Case sheet and magic numbers of each simulator; the pages of Orange and cards are told none,
#: their amounts are magic.
PEERS = {
    "airtel": (airtel.SHEET, "2567000000"),
    "camtel": (camtel.SHEET, "2376200000"),
    "cards": (cards.SHEET, "2547000000"),
    "daraja": (mpesa.SHEET, "2547000000"),
    "momo": (momo.SHEET, "2376700000"),
    "orange": (orange.SHEET, "2376900000"),
    "orange_cm": (orange_cm.SHEET, "2376900000"),
    "wave": (wave.SHEET, "2217700000"),
}


def a_client(world: World, provider: str) -> Collects:
    """Our client, set up for that simulator."""
    base = f"{world.base}/{provider}"
    if provider == "daraja":
        return MpesaClient(
            MpesaSettings(
                base_url=base,
                consumer_key="sim-consumer-key",
                consumer_secret="sim-consumer-secret",
                short_code="600000",
                passkey="sim-passkey",
            )
        )
    if provider == "airtel":
        return AirtelClient(
            AirtelSettings(
                base_url=base, client_id="sim-airtel-client", client_secret="sim-airtel-secret"
            )
        )
    if provider == "camtel":
        return camtel_client(world)
    if provider == "orange_cm":
        return OrangeCmClient(orange_cm_settings(world))
    if provider != "momo":
        return a_client_of_pages(provider, base)
    return MomoClient(
        MomoSettings(
            base_url=base,
            subscription_key="sim-subscription-key",
            api_user="3fa85f64-5717-4562-b3fc-2c963f66afa6",
            api_key="sim-api-key",
            target_environment="mtncameroon",
        )
    )


def a_client_of_pages(provider: str, base: str) -> Collects:
    """Our client of a provider on whose page payers pay."""
    if provider == "orange":
        return OrangeClient(
            OrangeSettings(
                base_url=base,
                client_id="sim-orange-client",
                client_secret="sim-orange-secret",
                merchant_key="sim-orange-merchant",
            ),
            clock=_later,
        )
    if provider == "cards":
        return CardsClient(
            CardsSettings(base_url=base, merchant_id="TESTKAURI", api_password="sim-cards-password")
        )
    return WaveClient(WaveSettings(base_url=base, api_key="sim-wave-key"))


def _later() -> float:
    """A page's end is believed eleven minutes after its beginning."""
    return time.time() + 660.0


def door(attempt: str) -> str:
    """In hex, as our own addresses are: M-Pesa refuses one that holds `exe` or `cmd`."""
    return f"/in/{parsed(ATTEMPT, attempt).hex}"


def a_charge(world: World, provider: str, digits: str) -> Charge:
    """A charge of the payer whose number, or of the amount, that ends in `digits`."""
    sheet, prefix = PEERS[provider]
    attempt = mint(ATTEMPT)
    amount = sheet.charge.amount
    if provider in {"cards", "orange"}:
        amount = from_major(700_000 + int(digits), amount.currency)
    return replace(
        sheet.charge,
        attempt_id=attempt,
        amount=amount,
        payer=prefix + digits,
        callback_url=world.listener_url + door(attempt),
        provider_reference=None,
    )


async def prompted(client: Collects, charge: Charge) -> Reading | None:
    """What the prompt says; None when it left and nothing readable came back."""
    try:
        return await client.prompt(charge)
    except Ambiguous:
        return None


async def asked(client: Collects, charge: Charge, until: Verdict) -> Verdict | None:
    """Asks until the answer is `until`, half a minute at most; gives the last word."""
    said: Verdict | None = None
    try:
        async with asyncio.timeout(30):
            while said is not until:
                said = (await client.inquire(charge)).verdict
                await asyncio.sleep(0.02)
    except TimeoutError:
        return said
    return said


@pytest.mark.parametrize(("provider", "digits", "first", "last"), CASES)
async def test_what_we_read_is_what_the_money_book_says(
    world: World, provider: str, digits: str, first: Verdict | None, last: Verdict | None
) -> None:
    charge = a_charge(world, provider, digits)
    async with aclosing(a_client(world, provider)) as client:
        said = await prompted(client, charge)
        assert (said.verdict if said else None) is first
        assert bool(said and said.retryable) is (digits in RETRYABLE)
        charge = replace(charge, provider_reference=said.provider_reference if said else None)
        assert await asked(client, charge, last or U) is (last or U)
    if last:
        assert len(await debits(world, provider, charge)) == (last is S)


async def debits(world: World, provider: str, charge: Charge) -> list[dict[str, Any]]:
    """What the provider took from the payer for this attempt."""
    reference = PEERS[provider][0].provider.reference(charge.attempt_id)
    lines = (await world.book(provider))["debits"]
    return [line for line in lines if line["our_reference"] == reference]


async def test_sending_the_same_attempt_twice_takes_the_money_once(world: World) -> None:
    charge = a_charge(world, "momo", "00")
    async with aclosing(a_client(world, "momo")) as client:
        first, second = await client.prompt(charge), await client.prompt(charge)
        assert (first.verdict, second.verdict) == (P, U)
        assert await asked(client, charge, S) is S
    assert len(await debits(world, "momo", charge)) == 1
