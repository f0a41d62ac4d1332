"""`kauri exceptions`: money that waits for people, and what two of them decide."""

from typing import Annotated

import typer

from cli.calls import HOME, Api, Json, call, show
from cli.operator import Key, Reason, Second

exceptions_app = typer.Typer(no_args_is_help=True, help="Decide what rules could not.")

_SHOWN = ("id", "kind", "about", "about_status", "amount", "currency", "decision")


@exceptions_app.command("list")
def list_exceptions(
    key: Key,
    state: Annotated[str, typer.Option("--state", help="open or decided")] = "open",
    api: Api = HOME,
    as_json: Json = False,
) -> None:
    """List what waits for people, oldest first."""
    answer = call("GET", f"{api}/v1/operator/exceptions?state={state}", key)
    show(answer, _SHOWN, as_json=as_json)


@exceptions_app.command("allocate")
def allocate(
    collection: str,
    account: Annotated[str, typer.Argument(help="As one types it; L12 is a loan, S12 savings.")],
    *,
    key: Key,
    approver_key: Second,
    reason: Reason,
    api: Api = HOME,
    as_json: Json = False,
) -> None:
    """Two people say which account an unmatched payment belongs to."""
    body = {"word": "allocate", "account": account, "reason": reason}
    url = f"{api}/v1/operator/collections/{collection}/decide"
    show(call("POST", url, key, body, approver_key), (), as_json=as_json)


@exceptions_app.command("decide")
def decide(
    collection: str,
    word: Annotated[str, typer.Argument(help="refunded, leave, reversed, post_again, …")],
    *,
    key: Key,
    approver_key: Second,
    reason: Reason,
    api: Api = HOME,
    as_json: Json = False,
) -> None:
    """Two people decide otherwise: it was sent back, it stays, it is posted again."""
    url = f"{api}/v1/operator/collections/{collection}/decide"
    body = {"word": word, "reason": reason}
    show(call("POST", url, key, body, approver_key), (), as_json=as_json)


@exceptions_app.command("credit")
def credit(
    case: str,
    *,
    key: Key,
    approver_key: Second,
    reason: Reason,
    partner: Annotated[
        str | None, typer.Option("--partner", help="org_…, where the case is in nobody's name.")
    ] = None,
    api: Api = HOME,
    as_json: Json = False,
) -> None:
    """Two people give a suspended bank credit to a partner's wallet."""
    body = {"decision": "credit", "organisation": partner, "reason": reason}
    url = f"{api}/v1/operator/exceptions/{case}/decide"
    show(call("POST", url, key, body, approver_key), (), as_json=as_json)


@exceptions_app.command("sent-back")
def sent_back(
    case: str,
    *,
    key: Key,
    approver_key: Second,
    reason: Reason,
    api: Api = HOME,
    as_json: Json = False,
) -> None:
    """Two people say that a suspended bank credit was sent back by the bank."""
    url = f"{api}/v1/operator/exceptions/{case}/decide"
    body = {"decision": "refunded", "reason": reason}
    show(call("POST", url, key, body, approver_key), (), as_json=as_json)


@exceptions_app.command("dismiss")
def dismiss(
    case: str,
    *,
    key: Key,
    approver_key: Second,
    reason: Reason,
    api: Api = HOME,
    as_json: Json = False,
) -> None:
    """Two people say that a case about an ended saga was seen to; nothing moves."""
    url = f"{api}/v1/operator/exceptions/{case}/decide"
    body = {"decision": "dismiss", "reason": reason}
    show(call("POST", url, key, body, approver_key), (), as_json=as_json)
