"""What `kauri keys rotate` does, from settings to a sentence."""

import asyncio

from runtime.database import Database
from runtime.key_providers.chosen import key_provider
from runtime.rotation import SETTLED, Rotation
from runtime.settings import Settings


def rotated(*, data_keys: bool, settle: float | None) -> str:
    """Rotate and say what was done. Raises KeysAway or KeyRefused."""
    return asyncio.run(_rotate(data_keys=data_keys, settle=SETTLED if settle is None else settle))


async def _rotate(*, data_keys: bool, settle: float) -> str:
    settings = Settings()
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
