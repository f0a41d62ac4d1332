"""Who may order what: tokens, short codes, fields and addresses of a call."""

import json
from typing import Any

from fastapi import Request

from simulators.daraja import answers
from simulators.daraja.book import DarajaBook
from simulators.daraja.organisations import Organisation
from simulators.daraja.push import cents, takes_callback
from simulators.door import Refused
from simulators.tokens import Tokens

#: Daraja's tokens are good for every product of an app.
ANY_PRODUCT = "any"


async def body(request: Request) -> dict[str, Any]:
    """The JSON object of a call; raises Refused."""
    try:
        sent = json.loads(await request.body())
    except ValueError as wrong:
        raise Refused(answers.invalid("Payload")) from wrong
    if not isinstance(sent, dict):
        raise Refused(answers.invalid("Payload"))
    return sent


def caller(request: Request, tokens: Tokens) -> str:
    """The consumer key behind a call's token; raises Refused."""
    user = tokens.user(request.headers.get("authorization", ""), ANY_PRODUCT)
    if user is None:
        raise Refused(answers.invalid_token())
    return user


def owned(book: DarajaBook, short_code: object, app: str) -> Organisation:
    """The short code, which must belong to the calling app; raises Refused."""
    organisation = book.organisations.get(str(short_code))
    if organisation is None or organisation.consumer_key != app:
        raise Refused(answers.no_merchant())
    return organisation


def check(sent: dict[str, Any], *needed: str) -> None:
    """Every field is there and every address takes callbacks; raises Refused naming one."""
    for name in (*needed, "ResultURL", "QueueTimeOutURL"):
        if not sent.get(name) or not isinstance(sent[name], str):
            raise Refused(answers.invalid(name))
    for name in ("ResultURL", "QueueTimeOutURL"):
        if not takes_callback(sent[name]):
            raise Refused(answers.invalid(name))


def amount(sent: dict[str, Any]) -> int:
    """The amount of a call, in cents; raises Refused."""
    return cents(sent.get("Amount"))
