"""`kauri doctor`: is everything here that `kauri up` needs, and how to mend what is not."""

import dataclasses
import json
import os
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape

from cli.stack.joining import STATE_VARIABLE, state_folder


def doctor(
    state: Annotated[
        Path | None,
        typer.Option("--state", envvar=STATE_VARIABLE, help="State folder; .kauri by default."),
    ] = None,
    mend: Annotated[
        bool, typer.Option("--mend", help="Get the Temporal program now if it is not here.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
) -> None:
    """Check this machine; exit code 1 when something required is missing."""
    from cli.stack.checks import run  # noqa: PLC0415 - `kauri --help` must not wait for it
    from cli.stack.stack import Stack  # noqa: PLC0415 - as above

    console = Console(highlight=False, soft_wrap=True, stderr=as_json)
    if mend:
        _mend(console)
    found = []
    for check in run(Stack(state or state_folder())):
        found.append(check)
        if not as_json:
            word = "ok" if check.ok else "missing" if check.required else "note"
            console.print(f"{word:<8} {escape(check.name):<20} {escape(check.says)}")
            if not check.ok:
                console.print(f"{'':<8} {'':<20} {escape(check.mend)}")
    healthy = all(check.ok or not check.required for check in found)
    if as_json:
        checks = [dataclasses.asdict(check) for check in found]
        print(json.dumps({"ok": healthy, "checks": checks}, indent=2))
    raise typer.Exit(0 if healthy else 1)


def _mend(console: Console) -> None:
    """Download or build the Temporal program, if no server is named."""
    from cli.stack.programs import NoProgram  # noqa: PLC0415 - as above
    from cli.stack.resolver import temporal  # noqa: PLC0415 - as above

    if os.environ.get("TEMPORAL_ADDRESS"):
        return
    try:
        temporal(console.print)
    except NoProgram as problem:
        console.print(str(problem), markup=False)
