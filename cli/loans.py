"""`kauri loans`: disbursements of a partner, and looking for new ones."""

import typer

from cli.calls import HOME, Api, Json, Last, PartnerKey, Status, call, show, show_page
from cli.stories import tell

loans_app = typer.Typer(no_args_is_help=True, help="Look after loan disbursements.")

_SHOWN = ("id", "loan", "status", "amount", "parked_for", "receipt", "needs_review")


@loans_app.command("list")
def list_loans(
    key: PartnerKey,
    status: Status = None,
    last: Last = 20,
    api: Api = HOME,
    as_json: Json = False,
) -> None:
    """List disbursements, newest first. Amounts are minor units."""
    show_page(f"{api}/v1/loans", key, _SHOWN, last=last, as_json=as_json, status=status)


@loans_app.command("show")
def show_loan(loan: str, key: PartnerKey, api: Api = HOME, as_json: Json = False) -> None:
    """Print one disbursement and its story."""
    tell(f"{api}/v1/loans/{loan}", key, as_json=as_json)


@loans_app.command("poll")
def poll(key: PartnerKey, api: Api = HOME, as_json: Json = False) -> None:
    """Look for approved loans now, and at those that wait."""
    show(call("POST", f"{api}/v1/loans/poll", key), (), as_json=as_json)


@loans_app.command("retry")
def retry(loan: str, key: PartnerKey, api: Api = HOME, as_json: Json = False) -> None:
    """Try a loan again that ended unpaid."""
    show(call("POST", f"{api}/v1/loans/{loan}/retry", key), (), as_json=as_json)
