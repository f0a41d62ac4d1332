"""MTN's bearer token: one per product, API user and key."""

from providers.bearer import Bearer, Token, fetched
from providers.http import Line, basic
from providers.momo.errors import read_error
from providers.momo.settings import Product


def bearer(line: Line, product: Product) -> Bearer:
    """The token of this product, fetched over `line` when first needed."""
    headers = {
        "Authorization": f"Basic {basic(product.api_user, product.api_key)}",
        "Ocp-Apim-Subscription-Key": product.subscription_key,
    }
    path = f"/{product.name}/token/"

    async def fetch() -> Token:
        return await fetched(line.send("POST", path, headers=headers), refusal=read_error)

    return Bearer(fetch)
