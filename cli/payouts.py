"""`kauri payouts`: send money, look at it, let it go. Its reference keeps a repeat from paying."""

from typing import Annotated, Any

import typer

from cli.allowing import Code, Reason, code_sent, decided
from cli.batches import send_batch, show_batch
from cli.calls import HOME, Api, Json, Last, MerchantKey, Status, call, show, show_page
from cli.stories import tell
from models import ids

payouts_app = typer.Typer(no_args_is_help=True, help="Send payouts, and look at them.")

payouts_app.command("batch")(send_batch)
payouts_app.command("progress")(show_batch)

_SHOWN = ("id", "method", "status", "amount", "currency", "payee", "queued_for", "failure")
Method = Annotated[str, typer.Option("--method", help="A rail; told from the number if left out.")]
Named = Annotated[str, typer.Argument(help="A po_… or pb_… id.")]


@payouts_app.command("send")
def send_payout(
    to: Annotated[str, typer.Argument(help="Phone number, or CODE/ACCOUNT at a bank.")],
    amount: Annotated[int, typer.Argument(help="Minor units.")],
    currency: Annotated[str, typer.Argument(help="KES, XAF, …")],
    *,
    key: MerchantKey,
    reference: Annotated[str, typer.Option("--reference", help="Yours; names one payout.")],
    name: Annotated[str, typer.Option("--name", help="Of the holder, as you know it.")] = "",
    method: Method = "",
    purpose: Annotated[str, typer.Option("--purpose", help="Shown to the payee.")] = "Payout",
    api: Api = HOME,
    as_json: Json = False,
) -> None:
    """Send money. Sent again with the same reference it is not paid again."""
    body: dict[str, Any] = {
        "amount": amount,
        "currency": currency,
        "payee": _payee(to, name),
        "purpose": purpose,
        "reference": reference,
    }
    if method:
        body["method"] = method
    sent = call("POST", f"{api}/v1/payouts?wait=10", key, body, once=f"cli/{reference}")
    show(sent, (), as_json=as_json)


@payouts_app.command("list")
def list_payouts(
    key: MerchantKey,
    status: Status = None,
    last: Last = 20,
    api: Api = HOME,
    as_json: Json = False,
) -> None:
    """List payouts, newest first. Amounts are minor units."""
    show_page(f"{api}/v1/payouts", key, _SHOWN, last=last, as_json=as_json, status=status)


@payouts_app.command("show")
def show_payout(payout: str, key: MerchantKey, api: Api = HOME, as_json: Json = False) -> None:
    """Print one payout and its story."""
    tell(f"{api}/v1/payouts/{payout}", key, as_json=as_json)


@payouts_app.command("approve")
def approve_payout(
    payout: Named,
    key: MerchantKey,
    *,
    reason: Reason = "",
    code: Code = "",
    api: Api = HOME,
    as_json: Json = False,
) -> None:
    """Let a payout or a batch go that somebody else asked for."""
    decided(f"{_at(api, payout)}/approve", key, reason=reason, code=code, as_json=as_json)


@payouts_app.command("reject")
def reject_payout(
    payout: Named, key: MerchantKey, reason: Reason = "", api: Api = HOME, as_json: Json = False
) -> None:
    """Refuse a payout or a batch that somebody else asked for."""
    decided(f"{_at(api, payout)}/reject", key, reason=reason, as_json=as_json)


@payouts_app.command("code")
def send_payout_code(
    payout: Named, key: MerchantKey, api: Api = HOME, as_json: Json = False
) -> None:
    """Have the code sent that approving it needs, to whom the policy names."""
    code_sent(_at(api, payout), key, as_json=as_json)


def _at(api: str, named: str) -> str:
    batch = named.startswith(f"{ids.BATCH}_")
    return f"{api}/v1/{'payout_batches' if batch else 'payouts'}/{named}"


def _payee(to: str, name: str) -> dict[str, Any]:
    """A bank account is written as the bank's code, a slash, and the account."""
    if "/" not in to:
        return {"phone": to, "name": name or None}
    code, _, account = to.partition("/")
    return {"bank": {"code": code, "account": account, "name": name}}
