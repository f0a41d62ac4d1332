"""MTN's bearer token: one per product, API user and key."""

import base64

from providers.bearer import Bearer, Token, fetched
from providers.http import Line
from providers.momo.errors import read_error
from providers.momo.settings import Product


def bearer(line: Line, product: Product) -> Bearer:
    """The token of this product, fetched over `line` when first needed."""
    pair = f"{product.api_user}:{product.api_key}"
    headers = {
        "Authorization": f"Basic {base64.b64encode(pair.encode()).decode()}",
        "Ocp-Apim-Subscription-Key": product.subscription_key,
    }
    path = f"/{product.name}/token/"

    async def fetch() -> Token:
        return await fetched(line.send("POST", path, headers=headers), refusal=read_error)

    return Bearer(fetch)
