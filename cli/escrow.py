"""`kauri escrow`: look at an escrow, release a part of it, or give a part back."""

import uuid
from typing import Annotated, Any

import typer

from cli.calls import HOME, Api, Json, Last, MerchantKey, Status, call, show, show_page
from cli.stories import tell

escrow_app = typer.Typer(no_args_is_help=True, help="Escrows: money kept apart until released.")

Amount = Annotated[
    int | None, typer.Option("--amount", help="Minor units; without it all that is left.")
]
_SHOWN = ("id", "status", "amount", "funded", "released", "refunded", "release_at")
_PARTS = ("number", "kind", "amount", "by", "status", "refund")


@escrow_app.command("list")
def list_escrows(
    key: MerchantKey,
    status: Status = None,
    last: Last = 20,
    api: Api = HOME,
    as_json: Json = False,
) -> None:
    """List escrows, newest first. Amounts are minor units."""
    show_page(f"{api}/v1/escrows", key, _SHOWN, last=last, as_json=as_json, status=status)


@escrow_app.command("show")
def show_escrow(escrow: str, key: MerchantKey, api: Api = HOME, as_json: Json = False) -> None:
    """Print one escrow, its parts and its story."""
    where = f"{api}/v1/escrows/{escrow}"
    tell(where, key, as_json=as_json)
    if not as_json:
        show(call("GET", f"{where}/parts", key), _PARTS, as_json=False)


@escrow_app.command("release")
def release(
    *,
    escrow: str,
    key: MerchantKey,
    proof: Annotated[str, typer.Option("--proof", help="What proves the delivery.")],
    amount: Amount = None,
    api: Api = HOME,
    as_json: Json = False,
) -> None:
    """Release a part, or all that is left, by proof of delivery."""
    _act(
        f"{api}/v1/escrows/{escrow}/release",
        key,
        {"amount": amount, "proof": proof},
        as_json=as_json,
    )


@escrow_app.command("refund")
def refund(
    *,
    escrow: str,
    key: MerchantKey,
    reason: Annotated[str, typer.Option("--reason", help="Why it goes back.")],
    amount: Amount = None,
    api: Api = HOME,
    as_json: Json = False,
) -> None:
    """Give a part, or all that is left, back to the payer."""
    _act(
        f"{api}/v1/escrows/{escrow}/refund",
        key,
        {"amount": amount, "reason": reason},
        as_json=as_json,
    )


def _act(url: str, key: str, body: dict[str, Any], *, as_json: bool) -> None:
    """Under a key of its own: sent again by hand it is another decision."""
    show(call("POST", url, key, body, once=str(uuid.uuid4())), (), as_json=as_json)
