"""Our wallets in front of the simulators, set up as the demo's own."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from pydantic import SecretStr

from models.ids import momo_reference
from models.money_out import PayoutOrder
from models.reading import Reading, Verdict
from providers.airtel.names import transaction_id
from providers.airtel.wallet import AirtelWallet
from providers.camtel.client import CamtelClient
from providers.camtel.settings import CamtelSettings
from providers.contract import Ambiguous
from providers.momo.settings import MomoSettings
from providers.momo.wallet import MomoWallet, opened
from providers.mpesa.settings import MpesaSettings
from providers.orange_cm.settings import OrangeCmSettings
from providers.orange_cm.wallet import OrangeCmWallet
from providers.wave.settings import WaveSettings
from providers.wave.wallet import WaveWallet
from tests.providers.sheets import airtel, camtel, momo, orange_cm, wave
from tests.simulators.peers import World


def momo_settings(world: World) -> MomoSettings:
    """As the demo's own."""
    return MomoSettings(
        base_url=f"{world.base}/momo",
        subscription_key="sim-subscription-key",
        api_user="3fa85f64-5717-4562-b3fc-2c963f66afa6",
        api_key="sim-api-key",
        disbursement_subscription_key="sim-disbursement-key",
        disbursement_api_user="4fa85f64-5717-4562-b3fc-2c963f66afa7",
        disbursement_api_key="sim-disbursement-api-key",
        target_environment="mtncameroon",
    )


def momo_wallet(world: World) -> MomoWallet:
    """The wallet of those settings."""
    wallet = opened(momo_settings(world))
    assert wallet
    return wallet


def wave_wallet(world: World) -> WaveWallet:
    """As the demo's own."""
    return WaveWallet(WaveSettings(base_url=f"{world.base}/wave", api_key="sim-wave-key"))


def airtel_wallet(world: World) -> AirtelWallet:
    """As the demo's own, with the PIN of a test key."""
    settings = airtel.SETTINGS.model_copy(
        update={
            "base_url": f"{world.base}/airtel",
            "client_id": "sim-airtel-client",
            "client_secret": SecretStr("sim-airtel-secret"),
        }
    )
    return AirtelWallet(settings)


def orange_cm_settings(world: World) -> OrangeCmSettings:
    """As the demo's own."""
    return OrangeCmSettings(
        base_url=f"{world.base}/orange_cm",
        consumer_key="sim-orange-cm-key",
        consumer_secret="sim-orange-cm-secret",
        api_username="sim-orange-cm-user",
        api_password="sim-orange-cm-password",
        channel="690000002",
        pin="2580",
    )


def orange_cm_wallet(world: World) -> OrangeCmWallet:
    """The channel of those settings."""
    return OrangeCmWallet(orange_cm_settings(world))


def camtel_client(world: World) -> CamtelClient:
    """Camtel as proposed, switched on."""
    return CamtelClient(
        CamtelSettings(
            experimental=True,
            base_url=f"{world.base}/camtel",
            client_id="sim-camtel-client",
            client_secret="sim-camtel-secret",
            callback_secret="sim-camtel-callback",
        )
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Peer:
    """One rail: its client, a sample order, its magic numbers and how it names an order."""

    wallet: Callable[[World], Any]
    order: PayoutOrder
    numbers: str
    named: Callable[[str], str]


PEERS = {
    "momo": Peer(wallet=momo_wallet, order=momo.ORDER, numbers="2376700000", named=momo_reference),
    "orange_cm": Peer(
        wallet=orange_cm_wallet, order=orange_cm.FRESH, numbers="2376900000", named=str
    ),
    "airtel": Peer(
        wallet=airtel_wallet, order=airtel.ORDER, numbers="2567000000", named=transaction_id
    ),
    "camtel": Peer(wallet=camtel_client, order=camtel.ORDER, numbers="2376200000", named=str),
    "wave": Peer(wallet=wave_wallet, order=wave.ORDER, numbers="2217700000", named=str),
}


async def readable(call: Awaitable[Reading]) -> Reading | None:
    """What a call says; None when it left and nothing readable came back."""
    try:
        return await call
    except Ambiguous:
        return None


async def sent(call: Awaitable[Reading]) -> tuple[Verdict | None, bool, str | None]:
    """Verdict, whether it may be sent again, and the provider's handle, an error's too."""
    try:
        said = await call
    except Ambiguous as lost:
        return None, False, lost.handle
    return said.verdict, said.retryable, said.provider_reference


async def until(ask: Callable[[], Awaitable[Reading]], wanted: Verdict) -> Verdict | None:
    """Asks until the answer is `wanted`, half a minute at most; gives the last word."""
    said: Verdict | None = None
    try:
        async with asyncio.timeout(30):
            while said is not wanted:
                reading = await readable(ask())
                said = reading.verdict if reading else None
                await asyncio.sleep(0.02)
    except TimeoutError:
        return said
    return said


def mpesa_settings(world: World, pem: str) -> MpesaSettings:
    """As the demo's own."""
    return MpesaSettings(
        base_url=f"{world.base}/daraja",
        consumer_key="sim-consumer-key",
        consumer_secret="sim-consumer-secret",
        short_code="600000",
        passkey="sim-passkey",
        initiator="sim-initiator",
        initiator_password="sim-initiator-password",
        certificate=pem,
    )
