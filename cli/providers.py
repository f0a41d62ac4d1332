"""`kauri providers`: how they do, when they will not, and what is entered in their portals."""

import json
from typing import Annotated

import typer

from cli.calls import HOME, Api, Json, call, show
from models import ids
from models.ids import PLATFORM_ORG
from providers.registry import load
from runtime.settings import Settings

providers_app = typer.Typer(invoke_without_command=True, add_completion=False)

Key = Annotated[
    str, typer.Option("--key", envvar="KAURI_OPERATOR_KEY", help="Your own operator key.")
]
AnyKey = Annotated[str, typer.Option("--key", envvar="KAURI_OPERATOR_KEY", hidden=True)]
_SHOWN = ("provider", "country", "operation", "state", "since", "until", "waiting", "reason")


@providers_app.callback()
def _providers(context: typer.Context, key: AnyKey = "", api: Api = HOME) -> None:
    """Providers of payments. Without a command: how every rail does."""
    if context.invoked_subcommand is None:
        health(key, api)


@providers_app.command("health")
def health(key: Key, api: Api = HOME, as_json: Json = False) -> None:
    """Where every rail stands, and how many payments wait for it."""
    show(call("GET", f"{api}/v1/operator/rails", key), _SHOWN, as_json=as_json)


@providers_app.command("maintenance")
def maintenance(
    provider: str,
    *,
    key: Key,
    begins: Annotated[str, typer.Option("--from", help="2026-03-01T22:00:00+03:00")],
    ends: Annotated[str, typer.Option("--to", help="2026-03-02T02:00:00+03:00")],
    reason: Annotated[str, typer.Option("--reason", help="What the provider announced.")],
    operation: Annotated[
        str | None, typer.Option("--operation", help="collect, payout or refund; all without it")
    ] = None,
    api: Api = HOME,
    as_json: Json = False,
) -> None:
    """Announce that a provider will not answer: nothing new is sent to it from then till then."""
    body = {"from": begins, "to": ends, "reason": reason, "operation": operation}
    answer = call("POST", f"{api}/v1/operator/rails/{provider}/maintenance", key, body)
    show(answer, (), as_json=as_json)


@providers_app.command("resume")
def resume(window: str, key: Key, api: Api = HOME, as_json: Json = False) -> None:
    """End a maintenance before its time, or call it off."""
    answer = call("POST", f"{api}/v1/operator/rails/maintenance/{window}/cancel", key)
    show(answer, (), as_json=as_json)


@providers_app.command("addresses")
def addresses(
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
) -> None:
    """The one address of each provider that takes one; keep it between the provider and us."""
    settings = Settings()
    owner = ids.shown(ids.ORG, PLATFORM_ORG)
    found = {
        ready.offer.title: settings.callback_url(owner, ready.callbacks.slug)
        for ready in load(settings.providers.split(",")).values()
        if ready.callbacks is not None and ready.callbacks.standing is not None
    }
    if as_json:
        print(json.dumps(found, indent=2))
        return
    for title, url in found.items():
        print(f"{title}\n  {url}")
