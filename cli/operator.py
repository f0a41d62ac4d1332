"""What operators type: `kauri payments …` and `kauri cases …`, through the operator's routes."""

from typing import Annotated

import typer

from cli.calls import HOME, Api, Json, call, show

payments_app = typer.Typer(no_args_is_help=True, help="Look after payments that are stuck.")
cases_app = typer.Typer(no_args_is_help=True, help="Decide cases of ended sessions.")

Key = Annotated[
    str, typer.Option("--key", envvar="KAURI_OPERATOR_KEY", help="Your own operator key.")
]
Second = Annotated[
    str,
    typer.Option("--approver-key", envvar="KAURI_APPROVER_KEY", help="The second operator's key."),
]
Reason = Annotated[str, typer.Option("--reason", help="Why; kept for ever.")]
_SHOWN = ("id", "status", "provider", "attempt_state", "amount", "currency", "reason")
_CASE_SHOWN = ("id", "kind", "state", "payment", "amount", "currency", "decision")


@payments_app.command("stuck")
def stuck(key: Key, api: Api = HOME, as_json: Json = False) -> None:
    """List payments of unknown outcome and those that need review, oldest first."""
    show(call("GET", f"{api}/v1/operator/payments", key), _SHOWN, as_json=as_json)


@payments_app.command("ask")
def ask(payment: str, key: Key, reason: Reason, api: Api = HOME, as_json: Json = False) -> None:
    """Have the provider asked now."""
    body = {"reason": reason}
    answer = call("POST", f"{api}/v1/operator/payments/{payment}/ask", key, body)
    show(answer, (), as_json=as_json)


@payments_app.command("resolve")
def resolve(
    payment: str,
    *,
    key: Key,
    approver_key: Second,
    outcome: Annotated[str, typer.Option("--outcome", help="succeeded or failed")],
    reason: Reason,
    evidence: Annotated[str, typer.Option("--evidence", help="What proves it.")],
    receipt: Annotated[str | None, typer.Option("--receipt", help="The provider's.")] = None,
    api: Api = HOME,
    as_json: Json = False,
) -> None:
    """Two people end a payment nobody can learn the outcome of any more."""
    body = {"outcome": outcome, "reason": reason, "evidence": evidence, "receipt": receipt}
    url = f"{api}/v1/operator/payments/{payment}/resolve"
    show(call("POST", url, key, body, approver_key), (), as_json=as_json)


@payments_app.command("taken-back")
def taken_back(
    payment: str,
    *,
    key: Key,
    approver_key: Second,
    kind: Annotated[str, typer.Option("--kind", help="reversal or chargeback")],
    amount: Annotated[int, typer.Option("--amount", help="Minor units.")],
    number: Annotated[str, typer.Option("--number", help="What the provider calls it.")],
    reason: Reason,
    api: Api = HOME,
    as_json: Json = False,
) -> None:
    """Two people book what a provider or a card's holder took back of a payment."""
    body = {"kind": kind, "amount": amount, "number": number, "reason": reason}
    url = f"{api}/v1/operator/payments/{payment}/taken_back"
    show(call("POST", url, key, body, approver_key), (), as_json=as_json)


@cases_app.command("list")
def list_cases(
    key: Key,
    state: Annotated[str, typer.Option("--state", help="open or decided")] = "open",
    api: Api = HOME,
    as_json: Json = False,
) -> None:
    """List cases, oldest first."""
    answer = call("GET", f"{api}/v1/operator/cases?state={state}", key)
    show(answer, _CASE_SHOWN, as_json=as_json)


@cases_app.command("decide")
def decide(
    case: str,
    *,
    key: Key,
    approver_key: Second,
    decision: Annotated[
        str, typer.Option("--decision", help="accept, refund, refunded or dismiss")
    ],
    reason: Reason,
    api: Api = HOME,
    as_json: Json = False,
) -> None:
    """Two people decide a case, once."""
    body = {"decision": decision, "reason": reason}
    url = f"{api}/v1/operator/cases/{case}/decide"
    show(call("POST", url, key, body, approver_key), (), as_json=as_json)
