"""`kauri wallet`: what a partner may spend, and what moved it."""

from typing import Annotated

import typer

from cli.calls import HOME, Api, Json, PartnerKey, call, show

wallet_app = typer.Typer(no_args_is_help=True)

Currency = Annotated[str, typer.Option("--currency", help="ISO 4217.")]
_SHOWN = ("id", "kind", "amount", "balance", "receipt", "created_at")


@wallet_app.callback()
def _wallet() -> None:
    """Look at a partner's prepaid wallet."""


@wallet_app.command("show")
def show_wallet(
    key: PartnerKey,
    currency: Currency = "KES",
    last: Annotated[int, typer.Option("--last", help="So many transactions, 100 at most.")] = 10,
    api: Api = HOME,
    as_json: Json = False,
) -> None:
    """Print available, held and the newest transactions, in minor units."""
    wallet = call("GET", f"{api}/v1/wallet?currency={currency}", key)
    path = f"{api}/v1/wallet/transactions?currency={currency}&limit={last}"
    moved = call("GET", path, key)
    if as_json:
        show({**wallet, "transactions": moved["data"]}, (), as_json=True)
        return
    show(wallet, (), as_json=False)
    show(moved, _SHOWN, as_json=False)
