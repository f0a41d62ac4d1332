"""What operators type: `kauri payments …` and `kauri cases …`, through the operator's routes."""

import json
from typing import Annotated, Any

import httpx
import typer
from rich.console import Console
from rich.table import Table

payments_app = typer.Typer(no_args_is_help=True, help="Look after payments that are stuck.")
cases_app = typer.Typer(no_args_is_help=True, help="Decide cases of ended sessions.")

Api = Annotated[str, typer.Option("--api", envvar="KAURI_API_URL", help="Address of the API.")]
Key = Annotated[
    str, typer.Option("--key", envvar="KAURI_OPERATOR_KEY", help="Your own operator key.")
]
Second = Annotated[
    str,
    typer.Option("--approver-key", envvar="KAURI_APPROVER_KEY", help="The second operator's key."),
]
Reason = Annotated[str, typer.Option("--reason", help="Why; kept for ever.")]
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]
_HOME = "http://127.0.0.1:8080"
_SHOWN = ("id", "status", "provider", "attempt_state", "amount", "currency", "reason")
_CASE_SHOWN = ("id", "kind", "state", "payment", "amount", "currency", "decision")
#: `case_` and 26 letters.
_LONGEST_ID = 31


@payments_app.command("stuck")
def stuck(key: Key, api: Api = _HOME, as_json: Json = False) -> None:
    """List payments of unknown outcome and those that need review, oldest first."""
    _show(_call("GET", f"{api}/v1/operator/payments", key), _SHOWN, as_json=as_json)


@payments_app.command("ask")
def ask(payment: str, key: Key, reason: Reason, api: Api = _HOME, as_json: Json = False) -> None:
    """Have the provider asked now."""
    body = {"reason": reason}
    answer = _call("POST", f"{api}/v1/operator/payments/{payment}/ask", key, body)
    _show(answer, (), as_json=as_json)


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
    api: Api = _HOME,
    as_json: Json = False,
) -> None:
    """Two people end a payment nobody can learn the outcome of any more."""
    body = {"outcome": outcome, "reason": reason, "evidence": evidence, "receipt": receipt}
    url = f"{api}/v1/operator/payments/{payment}/resolve"
    _show(_call("POST", url, key, body, approver_key), (), as_json=as_json)


@cases_app.command("list")
def list_cases(
    key: Key,
    state: Annotated[str, typer.Option("--state", help="open or decided")] = "open",
    api: Api = _HOME,
    as_json: Json = False,
) -> None:
    """List cases, oldest first."""
    answer = _call("GET", f"{api}/v1/operator/cases?state={state}", key)
    _show(answer, _CASE_SHOWN, as_json=as_json)


@cases_app.command("decide")
def decide(
    case: str,
    *,
    key: Key,
    approver_key: Second,
    decision: Annotated[str, typer.Option("--decision", help="accept, refund or dismiss")],
    reason: Reason,
    api: Api = _HOME,
    as_json: Json = False,
) -> None:
    """Two people decide a case, once."""
    body = {"decision": decision, "reason": reason}
    url = f"{api}/v1/operator/cases/{case}/decide"
    _show(_call("POST", url, key, body, approver_key), (), as_json=as_json)


def _call(
    method: str, url: str, key: str, body: dict[str, Any] | None = None, approver: str = ""
) -> dict[str, Any]:
    """One call; a problem is printed with its remedy and ends with exit code 1."""
    headers = {"Authorization": f"Bearer {key}"}
    if approver:
        headers["Kauri-Approver"] = f"Bearer {approver}"
    try:
        answer = httpx.request(method, url, json=body, headers=headers, timeout=40.0)
    except httpx.TransportError as error:
        typer.echo(f"the API does not answer at {url}: {error}", err=True)
        raise typer.Exit(1) from error
    document: dict[str, Any] = answer.json()
    if answer.is_error:
        typer.echo(f"{document.get('code')}: {document.get('detail')}", err=True)
        raise typer.Exit(1)
    return document


def _show(document: dict[str, Any], columns: tuple[str, ...], *, as_json: bool) -> None:
    if as_json:
        typer.echo(json.dumps(document, indent=2))
        return
    table = Table(*(columns or ("field", "value")))
    table.columns[0].min_width = _LONGEST_ID  # what the next command is given is never cut
    if columns:
        for row in document["data"]:
            table.add_row(*(str(row.get(column, "")) for column in columns))
    else:
        for name, value in document.items():
            table.add_row(name, str(value))
    Console().print(table)
