"""`kauri float`: purchases of float of a partner. Bought is over the API, where codes are typed."""

from typing import Annotated

import typer

from cli.calls import HOME, Api, Json, PartnerKey, call, show
from cli.stories import tell

float_app = typer.Typer(no_args_is_help=True, help="Look at purchases of float.")

_SHOWN = ("id", "short_code", "status", "amount", "total", "proven_by", "needs_review")


@float_app.command("list")
def list_purchases(
    key: PartnerKey,
    status: Annotated[str | None, typer.Option("--status", help="Only these.")] = None,
    last: Annotated[int, typer.Option("--last", help="So many, 100 at most.")] = 20,
    api: Api = HOME,
    as_json: Json = False,
) -> None:
    """List purchases, newest first. Amounts are minor units."""
    only = f"&status={status}" if status else ""
    found = call("GET", f"{api}/v1/float-purchases?limit={last}{only}", key)
    show(found, _SHOWN, as_json=as_json)


@float_app.command("show")
def show_purchase(purchase: str, key: PartnerKey, api: Api = HOME, as_json: Json = False) -> None:
    """Print one purchase and its story."""
    where = f"{api}/v1/float-purchases/{purchase}"
    tell(call("GET", where, key), call("GET", f"{where}/timeline", key), as_json=as_json)
