"""What `kauri keys rotate` does, from settings to a sentence."""

import asyncio

from runtime.database import Database
from runtime.key_providers.chosen import key_provider
from runtime.rotation import SETTLED, Rotation
from runtime.settings import Settings


def rotated(*, data_keys: bool, settle: float | None) -> str:
    """Rotate with the settings of the environment. Raises KeysAway or KeyRefused."""
    seconds = SETTLED if settle is None else settle
    return asyncio.run(rotate(Settings(), data_keys=data_keys, settle=seconds))


async def rotate(settings: Settings, *, data_keys: bool, settle: float) -> str:
    """Rotate and say what was done. Raises KeysAway or KeyRefused."""
    database, provider = Database(settings.database_url, size=4), key_provider(settings)
    await database.open()
    try:
        rotation = Rotation(database, provider)
        told = f"{await rotation.rewrap()} data keys are wrapped under the newest key"
        if data_keys:
            told += f"; {await rotation.renew(settle=settle)} values are sealed under new data keys"
        return told
    finally:
        await provider.aclose()
        await database.close()
