"""`python -m mutants [NAME…]`: plant each bug in a copy of the tree, expect its check to fail."""

import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.table import Table

from mutants.catalogue import MUTANTS
from mutants.mutant import Check, Mutant
from mutants.tree import Tree

#: What pytest and the sweep exit with when something they check is wrong; not when they break.
_RED = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """How one mutant fared."""

    mutant: Mutant
    caught: bool
    seconds: float
    says: str


def main() -> int:
    """Show every check green on the tree as it is, then red on each mutant."""
    chosen = [one for one in MUTANTS if not sys.argv[1:] or one.name in sys.argv[1:]]
    if not chosen:
        print("no such mutant; there are:", *(one.name for one in MUTANTS), sep="\n  ")
        return 2
    if not _all_green(sorted({one.caught_by for one in chosen}, key=lambda check: check.shown)):
        return 1
    trials = [_told(_tried(mutant)) for mutant in chosen]
    _show(trials)
    return 0 if all(trial.caught for trial in trials) else 1


def _all_green(checks: list[Check]) -> bool:
    with _copy() as tree:
        for check in checks:
            code, says = tree.run(check)
            print(f"unchanged: {check.shown}: {'green' if code == 0 else 'NOT GREEN'}", flush=True)
            if code:
                print(says)
                return False
    return True


def _tried(mutant: Mutant) -> Trial:
    began = time.monotonic()
    with _copy() as tree:
        tree.plant(mutant)
        code, says = tree.run(mutant.caught_by)
    seconds = time.monotonic() - began
    return Trial(mutant=mutant, caught=code == _RED, seconds=seconds, says=says)


def _told(trial: Trial) -> Trial:
    mark = "caught" if trial.caught else "SURVIVED"
    print(f"{trial.mutant.name}: {mark} ({trial.seconds:.0f} s)", flush=True)
    if not trial.caught:
        print(trial.says)
    return trial


@contextmanager
def _copy() -> Iterator[Tree]:
    with tempfile.TemporaryDirectory(prefix="kauri-mutant-", ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o711)
        yield Tree(Path(folder))


def _show(trials: list[Trial]) -> None:
    table = Table("bug", "where", "caught by", "")
    for trial in trials:
        mark = "[green]caught[/green]" if trial.caught else "[red]SURVIVED[/red]"
        table.add_row(trial.mutant.name, trial.mutant.file, trial.mutant.caught_by.shown, mark)
    Console(width=None if sys.stdout.isatty() else 140).print(table)
    print(f"{sum(trial.caught for trial in trials)}/{len(trials)} caught")


if __name__ == "__main__":
    sys.exit(main())
