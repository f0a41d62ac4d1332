"""`kauri refunds`: give a payment back, and look at it. A repeat of its reference gives nothing."""

from typing import Annotated, Any

import typer

from cli.allowing import Code, Reason, code_sent, decided
from cli.calls import HOME, Api, Json, Last, MerchantKey, call, show, show_page
from cli.stories import tell

refunds_app = typer.Typer(no_args_is_help=True, help="Give payments back, and look at refunds.")

_SHOWN = ("id", "payment", "status", "amount", "currency", "via", "failure", "receipt")


@refunds_app.command("create")
def create_refund(
    payment: Annotated[str, typer.Argument(help="A pay_… id.")],
    *,
    key: MerchantKey,
    reference: Annotated[str, typer.Option("--reference", help="Yours; names one refund.")],
    amount: Annotated[int, typer.Option("--amount", help="Minor units; else what is left.")] = 0,
    reason: Reason = "",
    via: Annotated[str, typer.Option("--via", help="native or payout.")] = "",
    api: Api = HOME,
    as_json: Json = False,
) -> None:
    """Give a payment back. Sent again with the same reference it is not given back twice."""
    body: dict[str, Any] = {"payment": payment, "reference": reference}
    chosen = {"amount": amount, "reason": reason, "via": via}
    body |= {name: value for name, value in chosen.items() if value}
    made = call("POST", f"{api}/v1/refunds?wait=10", key, body, once=f"cli/{reference}")
    show(made, (), as_json=as_json)


@refunds_app.command("list")
def list_refunds(
    key: MerchantKey,
    payment: Annotated[str, typer.Option("--payment", help="Only of this payment.")] = "",
    last: Last = 20,
    api: Api = HOME,
    as_json: Json = False,
) -> None:
    """List refunds, newest first. Amounts are minor units."""
    show_page(f"{api}/v1/refunds", key, _SHOWN, last=last, as_json=as_json, payment=payment)


@refunds_app.command("show")
def show_refund(refund: str, key: MerchantKey, api: Api = HOME, as_json: Json = False) -> None:
    """Print one refund and its story."""
    tell(f"{api}/v1/refunds/{refund}", key, as_json=as_json)


@refunds_app.command("cancel")
def cancel_refund(refund: str, key: MerchantKey, api: Api = HOME, as_json: Json = False) -> None:
    """Give a refund up that has not left."""
    show(call("POST", f"{api}/v1/refunds/{refund}/cancel", key), (), as_json=as_json)


@refunds_app.command("approve")
def approve_refund(
    refund: str,
    key: MerchantKey,
    *,
    reason: Reason = "",
    code: Code = "",
    api: Api = HOME,
    as_json: Json = False,
) -> None:
    """Let a refund go that is a payout and that somebody else asked for."""
    url = f"{api}/v1/refunds/{refund}/approve"
    decided(url, key, reason=reason, code=code, as_json=as_json)


@refunds_app.command("code")
def send_refund_code(refund: str, key: MerchantKey, api: Api = HOME, as_json: Json = False) -> None:
    """Have the code sent that approving it needs, to whom the policy names."""
    code_sent(f"{api}/v1/refunds/{refund}", key, as_json=as_json)
