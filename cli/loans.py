"""`kauri loans`: disbursements of a partner, and looking for new ones."""

from typing import Annotated

import typer

from cli.calls import HOME, Api, Json, PartnerKey, call, show
from cli.stories import tell

loans_app = typer.Typer(no_args_is_help=True, help="Look after loan disbursements.")

_SHOWN = ("id", "loan", "status", "amount", "parked_for", "receipt", "needs_review")


@loans_app.command("list")
def list_loans(
    key: PartnerKey,
    status: Annotated[str | None, typer.Option("--status", help="Only these.")] = None,
    last: Annotated[int, typer.Option("--last", help="So many, 100 at most.")] = 20,
    api: Api = HOME,
    as_json: Json = False,
) -> None:
    """List disbursements, newest first. Amounts are minor units."""
    only = f"&status={status}" if status else ""
    show(call("GET", f"{api}/v1/loans?limit={last}{only}", key), _SHOWN, as_json=as_json)


@loans_app.command("show")
def show_loan(loan: str, key: PartnerKey, api: Api = HOME, as_json: Json = False) -> None:
    """Print one disbursement and its story."""
    shown = call("GET", f"{api}/v1/loans/{loan}", key)
    story = call("GET", f"{api}/v1/loans/{loan}/timeline", key)
    tell(shown, story, as_json=as_json)


@loans_app.command("poll")
def poll(key: PartnerKey, api: Api = HOME, as_json: Json = False) -> None:
    """Look for approved loans now, and at those that wait."""
    show(call("POST", f"{api}/v1/loans/poll", key), (), as_json=as_json)


@loans_app.command("retry")
def retry(loan: str, key: PartnerKey, api: Api = HOME, as_json: Json = False) -> None:
    """Try a loan again that ended unpaid."""
    show(call("POST", f"{api}/v1/loans/{loan}/retry", key), (), as_json=as_json)
