"""The command `kauri sweep`."""

import json
import signal
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cli.sweep.cells import Cell

_SEED = 7


def sweep(
    *,
    seed: Annotated[
        int, typer.Option(help="Order of the cells, and the draw of --random.")
    ] = _SEED,
    only: Annotated[str, typer.Option(help="Cells to run, as a shell pattern.")] = "",
    short: Annotated[bool, typer.Option("--short", help="The selection of `make test`.")] = False,
    drawn: Annotated[
        int, typer.Option("--random", help="So many checkouts with faults and kills drawn.")
    ] = 0,
    as_list: Annotated[bool, typer.Option("--list", help="Name the cells, run none.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
    patience: Annotated[
        float, typer.Option(help="Seconds a checkout may take to come right after its trouble.")
    ] = 75.0,
    state: Annotated[
        Path, typer.Option("--state", help="Folder of the sweep's own stack; erased first.")
    ] = Path(".kauri/sweep"),
) -> None:
    """Kill everything at every moment, spoil every answer, then audit what is left.

    Exits 1 when an invariant is violated or a point was not reached.
    """
    from rich.console import Console  # noqa: PLC0415 - the command line starts without it

    from cli.sweep import report  # noqa: PLC0415 - as above
    from cli.sweep.run import sweep as run  # noqa: PLC0415 - as above

    cells = _chosen(seed, only, short=short, drawn=drawn)
    if as_list:
        return print(*(cell.name for cell in cells), sep="\n")
    if not cells:
        raise typer.BadParameter(f"no cell matches {only!r}; see --list", param_hint="--only")
    _end_the_stack_with_us()
    result = run(state, cells, seed=seed, say=_say, patience=patience)
    if as_json:
        print(json.dumps(report.document(result), indent=2))
    else:
        report.show(result, Console(width=None if sys.stdout.isatty() else 120))
    raise typer.Exit(1 if result.violations else 0)


def _end_the_stack_with_us() -> None:
    """Terminated, leave by an exception: the stack is stopped on the way out."""
    signal.signal(signal.SIGTERM, lambda _number, _frame: sys.exit(143))


def _chosen(seed: int, only: str, *, short: bool, drawn: int) -> "Sequence[Cell]":
    from cli.sweep import choosing  # noqa: PLC0415 - as above
    from cli.sweep.cells import by_chance  # noqa: PLC0415 - as above

    if drawn:
        return by_chance(seed, drawn)
    chosen = choosing.short() if short else choosing.everything()
    return choosing.only(chosen, only) if only else chosen


def _say(line: str) -> None:
    """Progress goes to stderr: stdout is the result."""
    print(line, file=sys.stderr, flush=True)
