"""`kauri up`, `down` and `status`: the whole stack on this machine."""

import json
import shutil
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Annotated, Literal, NoReturn

import typer
from rich.console import Console
from rich.table import Table

from cli.stack.joining import STATE_VARIABLE, state_folder

if TYPE_CHECKING:
    from cli.stack.stack import Stack

Folder = Annotated[
    Path | None,
    typer.Option("--state", envvar=STATE_VARIABLE, help="State folder; .kauri by default."),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON document.")]


def up(
    *,
    state: Folder = None,
    detach: Annotated[bool, typer.Option("--detach", "-d", help="Leave it running.")] = False,
    fresh: Annotated[bool, typer.Option("--fresh", help="Erase the state folder first.")] = False,
    temporal: Annotated[
        Literal["dev", "server"] | None,
        typer.Option("--temporal", help="The development server, or the real one on PostgreSQL."),
    ] = None,
    wait_scale: Annotated[
        float | None,
        typer.Option("--wait-scale", min=0.001, help="Multiplies every wait of a saga; 1 if new."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Start PostgreSQL, Temporal, simulators, API and worker; Ctrl-C stops them all."""
    from cli.stack.stack import Stack  # noqa: PLC0415 - `kauri --help` must not wait for it

    console = Console(stderr=as_json, highlight=False, soft_wrap=True)
    _heed_signals()
    stack = Stack(
        state or state_folder(),
        temporal=temporal,
        wait_scale=wait_scale or 1.0,
        say=console.print,
    )
    with _explained(console):
        if fresh:
            stack.erase()
        before = stack.running()
        if before:
            _refuse_other_scale(stack, wait_scale)
        stack.start()
        with _stopped_by_ctrl_c(stack, console):
            _show(stack, console, as_json=as_json)
            if detach or before:
                console.print(f"it runs in the background: `{_called()} down` stops it")
            else:
                _watch(stack, console)


def down(state: Folder = None) -> None:
    """Stop everything in the state folder; data stays."""
    from cli.stack.stack import Stack  # noqa: PLC0415 - `kauri --help` must not wait for it

    console = Console(highlight=False, soft_wrap=True)
    with _explained(console):
        if not Stack(state or state_folder(), say=console.print).stop():
            console.print("nothing was running")


def status(state: Folder = None, as_json: AsJson = False) -> None:
    """Say what runs and where; exit code 1 when something that was started is gone."""
    from cli.stack.stack import Stack  # noqa: PLC0415 - `kauri --help` must not wait for it

    stack = Stack(state or state_folder())
    running, dead = stack.running(), stack.dead()
    urls = stack.urls.public() if running else {}
    if as_json:
        pids = {name: stack.children.pid(name) for name in running}
        print(json.dumps({"running": pids, "dead": dead, "urls": urls}, indent=2))
    else:
        table = Table("component", "state", "process")
        for name in running:
            table.add_row(name, "runs", str(stack.children.pid(name)))
        for name in dead:
            table.add_row(name, "ended by itself", "")
        Console().print(table if running or dead else "nothing runs")
        for name, url in urls.items():
            print(f"{name:<12} {url}")
    raise typer.Exit(1 if dead else 0)


def _show(stack: "Stack", console: Console, *, as_json: bool) -> None:
    """Where everything is, and the demo merchant's key if this start made it."""
    urls = stack.urls.public()
    if as_json:
        print(json.dumps({"urls": urls, "api_key": stack.api_key}, indent=2), flush=True)
        return
    console.print()
    for name, url in urls.items():
        console.print(f"  {name:<12} {url}")
    if stack.api_key:
        console.print(f"  {'API key':<12} {stack.api_key}")
        another = f"`{_called()} keys merchant NAME` makes another"
        console.print(f"  the key is shown this once; {another}")
    console.print()


def _called() -> str:
    """How this command is typed here: by its name where the shell finds it, else by its path."""
    program = Path(sys.argv[0])
    if shutil.which("kauri") or program.name != "kauri":
        return "kauri"
    return str(program.relative_to(Path.cwd()) if program.is_relative_to(Path.cwd()) else program)


def _refuse_other_scale(stack: "Stack", asked: float | None) -> None:
    runs_with = stack.state.read().get("wait_scale", 1.0)
    if asked is not None and asked != runs_with:
        raise ValueError(f"it runs with --wait-scale {runs_with}: `kauri down` first")


def _watch(stack: "Stack", console: Console) -> None:
    """Stay until Ctrl-C, `kauri down`, or the end of a child; then leave nothing running."""
    console.print("Ctrl-C stops everything")
    while stack.children.remembered():
        if died := _died(stack):
            console.print(f"\n{died} ended by itself")
            console.print(stack.children.tail(died), markup=False)
            stack.stop()
            raise typer.Exit(1)
        time.sleep(0.5)
    console.print("stopped by `kauri down`")


@contextmanager
def _stopped_by_ctrl_c(stack: "Stack", console: Console) -> Iterator[None]:
    """From the moment everything runs: an interrupt stops it all, whatever was being shown."""
    try:
        yield
    except KeyboardInterrupt:
        console.print("\nstopping")
        stack.stop()


def _died(stack: "Stack") -> str | None:
    """A child that ended by itself: one that is being stopped is not meant."""
    from cli.stack.state import StackBusy  # noqa: PLC0415 - as above

    if not stack.dead():
        return None
    try:
        with stack.state.alone():
            return next(iter(stack.dead()), None)
    except StackBusy:
        return None


def _heed_signals() -> None:
    """Every ending is an interrupt; a shell's background job is started deaf to the first."""
    for ending in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(ending, _interrupt)


def _interrupt(_number: int, _frame: FrameType | None) -> NoReturn:
    raise KeyboardInterrupt


@contextmanager
def _explained(console: Console) -> Iterator[None]:
    """What can go wrong becomes words and exit code 1."""
    try:
        yield
    except (RuntimeError, ValueError) as problem:
        console.print(str(problem), markup=False)
        raise typer.Exit(1) from None
    except KeyboardInterrupt:
        console.print("interrupted; what had been started is stopped again")
        raise typer.Exit(130) from None
