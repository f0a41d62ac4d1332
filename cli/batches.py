"""`kauri payouts batch` and `kauri payouts progress`: a file of payouts, and how it goes."""

import hashlib
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import urlencode

import typer

from cli.calls import HOME, Api, Json, MerchantKey, call, show

File = Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="CSV or XLSX.")]
Country = Annotated[
    str, typer.Option("--country", help="Of numbers written without their country: KE, CM, …")
]


def send_batch(
    file: File,
    *,
    currency: Annotated[str, typer.Option("--currency", help="Of every row: KES, XAF, …")],
    key: MerchantKey,
    country: Country = "",
    reference: Annotated[str, typer.Option("--reference", help="Yours; names one batch.")] = "",
    api: Api = HOME,
    as_json: Json = False,
) -> None:
    """Send a file of payouts. The same file sent again is the same batch."""
    content = file.read_bytes()
    given = {"currency": currency, "country": country, "reference": reference}
    query = urlencode({name: value for name, value in given.items() if value})
    named = hashlib.sha256(content + query.encode()).hexdigest()
    url = f"{api}/v1/payout_batches?{query}"
    show(call("POST", url, key, content=content, once=f"cli/{named}"), (), as_json=as_json)


def show_batch(batch: str, key: MerchantKey, api: Api = HOME, as_json: Json = False) -> None:
    """Print a batch, and how many of its rows stand where."""
    shown = call("GET", f"{api}/v1/payout_batches/{batch}", key)
    show(shown if as_json else _flat(shown), (), as_json=as_json)


def _flat(shown: dict[str, Any]) -> dict[str, Any]:
    """One line per state of rows."""
    progress = shown.pop("progress")
    counts = {f"rows {state}": count["rows"] for state, count in progress.items()}
    return {**shown, **counts}
