"""What a sweep found, as a table and as JSON."""

from collections import Counter
from typing import Any

from rich.console import Console
from rich.table import Table

from cli.sweep.cells import (
    BATCH,
    CASE,
    CHECKOUT,
    CLEARING,
    COLLECTION,
    CREDIT,
    ESCROW,
    EXCEPTION,
    FLOAT,
    LOAN,
    MESSAGE,
    PAYOUT,
    REFUND,
    TOPUP,
    WEBHOOK,
)
from cli.sweep.run import Result, Verdict

_LENDERS = (TOPUP, LOAN, FLOAT, COLLECTION)
_DESKS = (CASE, EXCEPTION, CREDIT, MESSAGE)
_MONEY_OUT = (BATCH, ESCROW, REFUND, CLEARING, PAYOUT)
_SAGAS = (CHECKOUT, WEBHOOK, *_LENDERS, *_DESKS, *_MONEY_OUT)


def document(result: Result) -> dict[str, Any]:
    """The result as `--json` prints it."""
    return {
        "seed": result.seed,
        "cells": len(result.verdicts),
        "violations": result.violations,
        "by_saga": {saga: _of_saga(result, saga) for saga in _SAGAS},
        "duration_seconds": round(result.seconds, 1),
        "found": [_shown(one) for one in result.verdicts if one.violations],
        "at_the_end": [f"{one.invariant} {one.payment} {one.says}" for one in result.at_the_end],
    }


def show(result: Result, console: Console) -> None:
    """A table by saga, provider and victim, then every violation."""
    table = Table("saga", "provider", "victim", "cells", "violations", "slowest", "ended as")
    for place in sorted({_place(one) for one in result.verdicts}):
        group = [one for one in result.verdicts if _place(one) == place]
        broken = sum(len(one.violations) for one in group)
        endings = Counter(one.status for one in group).most_common()
        table.add_row(
            *place,
            str(len(group)),
            f"[red]{broken}[/red]" if broken else "0",
            f"{max(one.seconds for one in group):.1f} s",
            ", ".join(f"{name} {count}" for name, count in endings),
        )
    console.print(table)
    for line in _violations(result):
        console.print(line, style="red", highlight=False)
    console.print(
        f"{len(result.verdicts)} cells, {result.violations} violations, "
        f"{result.seconds:.0f} s, seed {result.seed}",
        highlight=False,
    )


def _place(verdict: Verdict) -> tuple[str, str, str]:
    cell = verdict.cell
    return cell.saga, cell.provider, cell.victim or "the provider itself"


def _violations(result: Result) -> list[str]:
    found = [
        f"{verdict.cell.name}: {one.invariant} {one.payment} {one.says}"
        for verdict in result.verdicts
        for one in verdict.violations
    ]
    late = [f"at the end: {one.invariant} {one.payment} {one.says}" for one in result.at_the_end]
    return found + late


def _of_saga(result: Result, saga: str) -> dict[str, int]:
    group = [one for one in result.verdicts if one.cell.saga == saga]
    return {"cells": len(group), "violations": sum(len(one.violations) for one in group)}


def _shown(verdict: Verdict) -> dict[str, Any]:
    return {
        "cell": verdict.cell.name,
        "status": verdict.status,
        "seconds": round(verdict.seconds, 1),
        "violations": [f"{one.invariant} {one.payment} {one.says}" for one in verdict.violations],
    }
