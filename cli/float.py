"""`kauri float`: a partner's purchases of float, and the house's own floats and moves.

A partner's float is bought over the API, where codes are typed.
"""

import uuid
from typing import Annotated, Any

import typer

from cli.calls import HOME, Api, Json, Last, PartnerKey, Status, call, show, show_page
from cli.stories import tell

float_app = typer.Typer(no_args_is_help=True, help="Look after floats: partners' and the house's.")

_SHOWN = ("id", "short_code", "status", "amount", "total", "proven_by", "needs_review")
_LANES = ("rail", "wallet", "currency", "booked", "told", "reserved", "available", "hours_left")
_COVERED = ("currency", "backing", "claims", "covered", "top_up_needed")

TreasurerKey = Annotated[
    str, typer.Option("--key", envvar="KAURI_TREASURER_KEY", help="Your own treasurer's key.")
]
Reason = Annotated[str, typer.Option("--reason", help="Why; kept for ever.")]


@float_app.command("purchases")
def list_purchases(
    key: PartnerKey,
    status: Status = None,
    last: Last = 20,
    api: Api = HOME,
    as_json: Json = False,
) -> None:
    """List purchases, newest first. Amounts are minor units."""
    show_page(f"{api}/v1/float-purchases", key, _SHOWN, last=last, as_json=as_json, status=status)


@float_app.command("show")
def show_purchase(purchase: str, key: PartnerKey, api: Api = HOME, as_json: Json = False) -> None:
    """Print one purchase and its story."""
    tell(f"{api}/v1/float-purchases/{purchase}", key, as_json=as_json)


@float_app.command("list")
def list_floats(key: TreasurerKey, api: Api = HOME, as_json: Json = False) -> None:
    """List the house's floats: booked, told, reserved, and how long they last."""
    show(call("GET", f"{api}/v1/treasury/floats", key), _LANES, as_json=as_json)


@float_app.command("coverage")
def coverage(key: TreasurerKey, api: Api = HOME, as_json: Json = False) -> None:
    """Print whether what we hold for others is there, per currency."""
    show(call("GET", f"{api}/v1/treasury/coverage", key), _COVERED, as_json=as_json)


@float_app.command("move")
def move(
    origin: Annotated[str, typer.Argument(help="ncba/ACCOUNT, wave/collections or capital.")],
    destination: Annotated[str, typer.Argument(help="ncba/ACCOUNT or wave/collections.")],
    amount: Annotated[int, typer.Argument(help="Minor units.")],
    *,
    key: TreasurerKey,
    currency: Annotated[str, typer.Option("--currency", help="ISO 4217.")] = "KES",
    to_account: Annotated[
        str | None, typer.Option("--to-account", help="Sent through the bank to this account.")
    ] = None,
    reason: Reason,
    api: Api = HOME,
    as_json: Json = False,
) -> None:
    """Ask for a move of our own money; somebody else has to approve it."""
    body = {
        "origin": _place(origin),
        "destination": _place(destination),
        "amount": amount,
        "currency": currency,
        "to_account": to_account,
        "reason": reason,
    }
    asked = call("POST", f"{api}/v1/treasury/moves", key, body, once=str(uuid.uuid4()))
    show(asked, (), as_json=as_json)


@float_app.command("approve")
def approve(
    move_id: str, *, key: TreasurerKey, reason: Reason, api: Api = HOME, as_json: Json = False
) -> None:
    """Allow a move somebody else asked for."""
    where = f"{api}/v1/treasury/moves/{move_id}/approve"
    show(call("POST", where, key, {"reason": reason}), (), as_json=as_json)


@float_app.command("arrived")
def arrived(
    move_id: str,
    *,
    key: TreasurerKey,
    evidence: Annotated[str, typer.Option("--evidence", help="What shows it.")],
    amount: Annotated[int | None, typer.Option("--amount", help="What came, if less.")] = None,
    receipt: Annotated[
        str | None, typer.Option("--receipt", help="Its number there; a bank's is needed.")
    ] = None,
    api: Api = HOME,
    as_json: Json = False,
) -> None:
    """Say that a move is there; not whoever asked for it."""
    body = {"evidence": evidence, "amount": amount, "receipt": receipt}
    where = f"{api}/v1/treasury/moves/{move_id}/arrived"
    show(call("POST", where, key, body), (), as_json=as_json)


def _place(text: str) -> dict[str, Any]:
    """`capital`, `bank/123456` where the account is a number, or `provider/wallet`."""
    if text == "capital":
        return {"kind": "capital"}
    rail, _, account = text.partition("/")
    if account.isdecimal():
        return {"kind": "bank", "bank": rail, "account": account}
    return {"kind": "wallet", "provider": rail, "wallet": account or "collections"}
