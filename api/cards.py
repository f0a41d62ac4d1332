"""Card numbers never enter: refused in every text field of a request (models/card_numbers.py)."""

import json
from typing import Any

from fastapi import Request

from api.choices import of_the_api
from api.errors import CardNumberRefused
from api.uploads import takes_files
from models.card_numbers import holds_card_number


def refuse_card_numbers(document: Any) -> None:
    """Raises CardNumberRefused when any text inside the document holds a card number."""
    if holds_card_number(document):
        raise CardNumberRefused("send the payer to a hosted card page; we keep no card data")


async def no_card_numbers(request: Request) -> None:
    """Whatever a client writes holds none: neither its query nor its JSON.

    Raises CardNumberRefused.
    """
    if request.method == "GET" or not of_the_api(request):
        return
    refuse_card_numbers([said for _name, said in request.query_params.multi_items()])
    kind = request.headers.get("content-type", "json").lower()
    if "json" in kind and not takes_files(request.scope):
        refuse_card_numbers(_document(await request.body()))


def _document(body: bytes) -> Any:
    """What a body says; one that is no JSON is refused elsewhere, or read by nobody."""
    try:
        return json.loads(body) if body else None
    except (ValueError, RecursionError):
        return None
