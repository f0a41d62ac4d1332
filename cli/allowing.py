"""A second person's word from the command line, with the code a policy may ask for."""

from typing import Annotated, Any

import typer

from cli.calls import call, show

Reason = Annotated[str, typer.Option("--reason", help="Why.")]
Code = Annotated[str, typer.Option("--code", help="The one-time code, where the policy has one.")]


def decided(url: str, key: str, *, reason: str, code: str = "", as_json: bool) -> None:
    """Say the word `url` ends with, and show what it is about."""
    given = {"reason": reason, "code": code}
    body: dict[str, Any] = {name: value for name, value in given.items() if value}
    show(call("POST", url, key, body), (), as_json=as_json)


def code_sent(url: str, key: str, *, as_json: bool) -> None:
    """Have a code sent to whom the policy names, and show where it went."""
    show(call("POST", f"{url}/approval_code", key, {}), (), as_json=as_json)
