"""One call to the API from the command line, and how its answer is printed."""

import json
from typing import Annotated, Any
from urllib.parse import urlencode

import httpx
import typer
from rich.console import Console
from rich.table import Table

Api = Annotated[str, typer.Option("--api", envvar="KAURI_API_URL", help="Address of the API.")]
PartnerKey = Annotated[
    str, typer.Option("--key", envvar="KAURI_PARTNER_KEY", help="A key of the partner.")
]
MerchantKey = Annotated[
    str, typer.Option("--key", envvar="KAURI_MERCHANT_KEY", help="A key of the merchant.")
]
Status = Annotated[str | None, typer.Option("--status", help="Only these.")]
Last = Annotated[int, typer.Option("--last", help="So many, 100 at most.")]
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]
HOME = "http://127.0.0.1:8080"
#: `case_` and 26 letters.
_LONGEST_ID = 31


def call(
    method: str,
    url: str,
    key: str,
    body: dict[str, Any] | None = None,
    approver: str = "",
    *,
    once: str = "",
    content: bytes | None = None,
) -> dict[str, Any]:
    """One call; a problem is printed with its remedy and ends with exit code 1.

    `once`: its Idempotency-Key. `content`: a file, instead of a body.
    """
    headers = {"Authorization": f"Bearer {key}"}
    if approver:
        headers["Kauri-Approver"] = f"Bearer {approver}"
    if once:
        headers["Idempotency-Key"] = once
    try:
        answer = httpx.request(
            method, url, json=body, content=content, headers=headers, timeout=40.0
        )
    except httpx.TransportError as error:
        typer.echo(f"the API does not answer at {url}: {error}", err=True)
        raise typer.Exit(1) from error
    document: dict[str, Any] = answer.json()
    if answer.is_error:
        typer.echo(f"{document.get('code')}: {document.get('detail')}", err=True)
        raise typer.Exit(1)
    return document


def show(document: dict[str, Any], columns: tuple[str, ...], *, as_json: bool) -> None:
    """Print a list as a table of these columns, one object as its fields."""
    if as_json:
        typer.echo(json.dumps(document, indent=2))
        return
    table = Table(*(columns or ("field", "value")))
    table.columns[0].min_width = _LONGEST_ID  # what the next command is given is never cut
    if columns:
        for row in document["data"]:
            table.add_row(*(str(row.get(column, "")) for column in columns))
    else:
        for name, value in document.items():
            table.add_row(name, str(value))
    Console().print(table)


def show_page(
    where: str, key: str, columns: tuple[str, ...], *, last: int, as_json: bool, **only: str | None
) -> None:
    """Print the newest of a list of the API; `only`: its filters, left out where they are empty."""
    query = urlencode({"limit": last, **{name: value for name, value in only.items() if value}})
    show(call("GET", f"{where}?{query}", key), columns, as_json=as_json)
