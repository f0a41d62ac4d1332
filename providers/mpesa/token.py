"""Daraja's bearer token: one per consumer key."""

import base64

from providers.bearer import Bearer, Token, fetched
from providers.http import Line
from providers.mpesa.errors import read_error
from providers.mpesa.settings import MpesaSettings

PATH = "/oauth/v1/generate?grant_type=client_credentials"


def bearer(line: Line, settings: MpesaSettings) -> Bearer:
    """The token of these settings, fetched over `line` when first needed."""
    key = settings.consumer_key.get_secret_value()
    pair = f"{key}:{settings.consumer_secret.get_secret_value()}"
    headers = {"Authorization": f"Basic {base64.b64encode(pair.encode()).decode()}"}

    async def fetch() -> Token:
        return await fetched(line.send("GET", PATH, headers=headers), refusal=read_error)

    return Bearer(fetch)
