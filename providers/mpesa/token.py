"""Daraja's bearer token: one per consumer key."""

from providers.bearer import Bearer, Token, fetched
from providers.http import Line, basic
from providers.mpesa.errors import read_error

PATH = "/oauth/v1/generate?grant_type=client_credentials"


def bearer(line: Line, *, consumer_key: str, consumer_secret: str) -> Bearer:
    """The token of these keys, fetched over `line` when first needed."""
    headers = {"Authorization": f"Basic {basic(consumer_key, consumer_secret)}"}

    async def fetch() -> Token:
        return await fetched(line.send("GET", PATH, headers=headers), refusal=read_error)

    return Bearer(fetch)
