"""MTN's bearer token: one per product, API user and key."""

import base64

from providers.bearer import Bearer, Token, fetched
from providers.http import Line
from providers.momo.errors import read_error
from providers.momo.settings import MomoSettings

PATH = "/collection/token/"


def bearer(line: Line, settings: MomoSettings) -> Bearer:
    """The token of these settings, fetched over `line` when first needed."""
    pair = f"{settings.api_user}:{settings.api_key.get_secret_value()}"
    headers = {
        "Authorization": f"Basic {base64.b64encode(pair.encode()).decode()}",
        "Ocp-Apim-Subscription-Key": settings.subscription_key.get_secret_value(),
    }

    async def fetch() -> Token:
        return await fetched(line.send("POST", PATH, headers=headers), refusal=read_error)

    return Bearer(fetch)
