"""`kauri decode`: read a raw wire message as the providers do."""

import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import typer

from models.card_numbers import without_card_numbers
from models.reading import Reading
from providers.contract import Decodes
from providers.registry import readers

_Messages = Mapping[str, Mapping[str, Decodes]]

_KEYS = (
    "verdict",
    "retryable",
    "reason",
    "provider_code",
    "provider_message",
    "amount_minor",
    "currency",
    "our_reference",
    "provider_reference",
    "receipt",
)


def as_json(reading: Reading) -> dict[str, Any]:
    """A reading under the keys of docs/decode.md, all of them always."""
    amount = reading.amount
    shown = {
        "amount_minor": amount.minor if amount else None,
        "currency": amount.currency if amount else None,
    }
    told = {key: shown[key] if key in shown else getattr(reading, key) for key in _KEYS}
    return {key: _kept(value) for key, value in told.items()}


def _kept(value: Any) -> Any:
    return without_card_numbers(value) if type(value) is str else value


def decode(
    provider: Annotated[str, typer.Argument(help="mpesa, momo, mifos, …")] = "",
    message: Annotated[str, typer.Argument(help="The kind of message; see --list.")] = "",
    file: Annotated[str, typer.Argument(help="The raw body; - reads standard input.")] = "",
    *,
    http_status: Annotated[
        int, typer.Option("--http-status", min=100, max=599, help="Status the answer came with.")
    ] = 200,
    json_: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
    list_: Annotated[bool, typer.Option("--list", help="Name every message there is.")] = False,
) -> None:
    """Read a raw wire message: verdict, reason, amount, references."""
    known = readers()
    if list_:
        _print_names(known, as_json=json_)
        return
    reading = _reader(known, provider, message)(_body(file), http_status)
    if json_:
        typer.echo(json.dumps(as_json(reading)))
    else:
        _print_table(as_json(reading))


def _reader(known: _Messages, provider: str, message: str) -> Decodes:
    if provider not in known:
        raise typer.BadParameter(f"{provider!r}: one of {', '.join(known)}", param_hint="PROVIDER")
    messages = known[provider]
    if message not in messages:
        raise typer.BadParameter(f"{message!r}: one of {', '.join(messages)}", param_hint="MESSAGE")
    return messages[message]


def _body(file: str) -> bytes:
    if not file:
        raise typer.BadParameter("missing; - reads standard input", param_hint="FILE")
    try:
        return sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
    except (OSError, ValueError) as error:
        raise typer.BadParameter(f"{file!r} cannot be read: {error}", param_hint="FILE") from error


def _print_names(known: _Messages, *, as_json: bool) -> None:
    names = {name: list(messages) for name, messages in known.items()}
    if as_json:
        typer.echo(json.dumps(names))
        return
    for name, messages in names.items():
        for message in messages:
            typer.echo(f"{name} {message}")


def _print_table(shown: dict[str, Any]) -> None:
    for key, value in shown.items():
        word = (
            json.dumps(value) if isinstance(value, bool) else str("-" if value is None else value)
        )
        typer.echo(f"{key:<20}{_printable(word)}")


def _printable(word: str) -> str:
    """Provider text that any terminal can print."""
    encoding = sys.stdout.encoding or "ascii"
    return word.encode(encoding, "backslashreplace").decode(encoding)
