"""The command `kauri demo`."""

import json
import shutil
import sys
import time
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table


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
    ended, findings = run(state, say)
    good = all(one.as_expected for one in ended) and all(one.holds for one in findings)
    if as_json:
        print(json.dumps(_document(ended, findings), indent=2))
    else:
        _show(ended, findings, time.monotonic() - began, good=good)
    if good and not keep:
        shutil.rmtree(state, ignore_errors=True)
    raise typer.Exit(0 if good else 1)


def _say(line: str) -> None:
    print(line, flush=True)


def _show(ended: list[Any], findings: list[Any], seconds: float, *, good: bool) -> None:
    console = Console(width=None if sys.stdout.isatty() else 118)
    table = Table("provider", "what happened", "went through", "payment", "session", "as expected")
    for one in ended:
        told = f"{one.scenario.title}" + (f" ({one.case}, accepted)" if one.case else "")
        path = " → ".join(one.path)
        verdict = "yes" if one.as_expected else "[red]NO[/red]"
        table.add_row(one.scenario.provider, told, path, one.status, one.checkout, verdict)
    console.print(table)
    for finding in findings:
        mark = "[green]yes[/green]" if finding.holds else "[red]NO[/red]"
        console.print(f"{finding.name}: {mark} ({finding.detail})", highlight=False)
    console.print(f"\n{len(ended)} checkouts, {seconds:.0f} s. The demo has stopped its stack.")
    console.print("To keep one running: [bold]make up[/bold], then docs/quickstart.md.")
    if not good:
        console.print("[red]Something is not as it must be; the logs are kept.[/red]")


def _document(ended: list[Any], findings: list[Any]) -> dict[str, Any]:
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
            for one in ended
        ],
        "findings": [
            {"name": one.name, "holds": one.holds, "detail": one.detail} for one in findings
        ],
    }
