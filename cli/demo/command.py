"""The command `kauri demo`."""

import json
import shutil
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cli.demo.play import Ended
    from cli.demo.run import Played
    from cli.demo.vault.told import Told


def demo(
    state: Annotated[
        Path, typer.Option("--state", help="Folder of the demo's own stack; erased first.")
    ] = Path(".kauri/demo"),
    keep: Annotated[bool, typer.Option("--keep", help="Keep the folder with its logs.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
) -> None:
    """Watch real checkouts run against misbehaving providers, and the books agree at the end."""
    from cli.demo.run import run  # noqa: PLC0415 - the command line starts without the stack

    began = time.monotonic()
    say = (lambda line: print(line, file=sys.stderr, flush=True)) if as_json else _say
    played = run(state, say)
    if as_json:
        print(json.dumps(_document(played), indent=2))
    else:
        _show(played, time.monotonic() - began)
    if played.good and not keep:
        shutil.rmtree(state, ignore_errors=True)
    raise typer.Exit(0 if played.good else 1)


def _say(line: str) -> None:
    print(line, flush=True)


def _show(played: "Played", seconds: float) -> None:
    console = Console(width=None if sys.stdout.isatty() else 118)
    console.print(_checkouts(played.checkouts))
    console.print(_vault(played.vault))
    for finding in played.findings:
        mark = "[green]yes[/green]" if finding.holds else "[red]NO[/red]"
        console.print(f"{finding.name}: {mark} ({finding.detail})", highlight=False)
    counted = f"{len(played.checkouts)} checkouts, {len(played.vault)} stories of two lenders"
    console.print(f"\n{counted}, {seconds:.0f} s. The demo has stopped its stack.")
    console.print("To keep one running: [bold]make up[/bold], then docs/quickstart.md.")
    if not played.good:
        console.print("[red]Something is not as it must be; the logs are kept.[/red]")


def _checkouts(ended: "Sequence[Ended]") -> Table:
    table = Table("provider", "what happened", "went through", "payment", "session", "as expected")
    for one in ended:
        told = f"{one.scenario.title}" + (f" ({one.case}, accepted)" if one.case else "")
        path = " → ".join(one.path)
        verdict = _verdict(one.as_expected)
        table.add_row(one.scenario.provider, told, path, one.status, one.checkout, verdict)
    return table


def _vault(told: "Sequence[Told]") -> Table:
    table = Table("lender", "what happened", "went through", "ended", "as expected")
    for one in told:
        path = " → ".join(one.path)
        table.add_row(one.partner, one.title, path, one.status, _verdict(one.as_expected))
    return table


def _verdict(good: bool) -> str:
    return "yes" if good else "[red]NO[/red]"


def _document(played: "Played") -> dict[str, Any]:
    return {
        "checkouts": [
            {
                "provider": one.scenario.provider,
                "title": one.scenario.title,
                "payment": one.payment_id,
                "checkout": one.checkout_id,
                "path": list(one.path),
                "status": one.status,
                "session": one.checkout,
                "case": one.case or None,
                "as_expected": one.as_expected,
            }
            for one in played.checkouts
        ],
        "vault": [
            {
                "partner": one.partner,
                "title": one.title,
                "id": one.id,
                "path": list(one.path),
                "status": one.status,
                "as_expected": one.as_expected,
            }
            for one in played.vault
        ],
        "findings": [
            {"name": one.name, "holds": one.holds, "detail": one.detail} for one in played.findings
        ],
    }
