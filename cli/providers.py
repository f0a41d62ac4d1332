"""`kauri providers`: how we collect, and what is entered in providers' portals."""

import json
from typing import Annotated

import typer

from models import ids
from models.ids import PLATFORM_ORG
from providers.registry import load
from runtime.settings import Settings

providers_app = typer.Typer(no_args_is_help=True, add_completion=False)


@providers_app.callback()
def _providers() -> None:
    """Providers of payments."""


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
