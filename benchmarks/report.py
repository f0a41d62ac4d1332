"""The results, as a table for people and as JSON for machines."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from benchmarks.offer import Acceptance
from benchmarks.stand import Measured

LATEST = Path(__file__).parent / "results" / "latest.json"
#: Not the product's cost: it plays the provider.
_APART = "simulators"


def searched(measured: Measured) -> dict[str, Any]:
    """A search as it is kept."""
    best, cost = measured.found.best, measured.cpu_ms
    ours = round(sum(ms for name, ms in cost.items() if name != _APART), 2)
    return {
        "per_second": round(measured.found.rate, 1),
        "saturated_per_second": round(measured.found.saturated, 1),
        "p95_seconds": round(best.p95, 2) if best else None,
        "cpu_ms_per_pay_in": {**cost, "total": ours},
        "cores_for_200_per_second": round(200 * ours / 1000, 1),
    }


def accepted(taken: Acceptance, drain: float) -> dict[str, Any]:
    """An acceptance run as it is kept. `drain`: seconds until its last saga ended."""
    kept = {name: round(value, 2) for name, value in asdict(taken).items()}
    return {**kept, "counts": taken.counts, "drain_seconds": round(drain, 1)}


def keep(results: dict[str, Any], path: Path = LATEST) -> None:
    """Write the results down."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(results, indent=2) + "\n")


def show(results: dict[str, Any], console: Console) -> None:
    """The table."""
    table = Table("measured", "value", "target", title="make bench")
    for row in (*_rates(results), *_acceptance(results), *_rest(results)):
        table.add_row(*map(str, row))
    console.print(table)
    costs = Table("CPU-ms each", *results["rows"], title="by process")
    names = {name for row in results["rows"].values() for name in row["cpu_ms_per_pay_in"]}
    for name in sorted(names, key=lambda one: (one == "total", one)):
        cells = (row["cpu_ms_per_pay_in"].get(name, "") for row in results["rows"].values())
        costs.add_row(f"{name} (apart)" if name == _APART else name, *map(str, cells))
    console.print(costs)


def _rates(results: dict[str, Any]) -> list[tuple[Any, ...]]:
    rows = [
        (
            f"{name}: sustained/s (flooded)",
            f"{row['per_second']} ({row['saturated_per_second']})",
            "",
        )
        for name, row in results["rows"].items()
    ]
    ratio = results["pay_ins"]["ratio_to_bare_temporal"]
    cores = results["pay_ins"]["cores_for_200_per_second"]
    return [*rows, ("pay-ins to bare Temporal", ratio, "≥ 0.6"), ("cores for 200/s", cores, "")]


def _acceptance(results: dict[str, Any]) -> list[tuple[Any, ...]]:
    rows: list[tuple[Any, ...]] = []
    for run in results["acceptance"]["runs"]:
        name = f"acceptance at {run['rate']:.0f}/s for {run['seconds']:.0f} s"
        told = f"p50 {run['p50_ms']} p95 {run['p95_ms']} p99 {run['p99_ms']} ms"
        limit = "p99 < 100 ms" if run["rate"] <= 200 else "p99 < 300 ms"
        rows.append((name, told, limit))
        failed = f"{run['errors']} errors, {run['dropped']} dropped"
        rows.append(("", f"{failed}, drained in {run['drain_seconds']} s", "0 errors, 0 dropped"))
    return rows


def _rest(results: dict[str, Any]) -> list[tuple[Any, ...]]:
    events, ledger = results["history_events_per_pay_in"], results["ledger"]
    return [
        ("history events per pay-in, MTN", events["momo"], "≤ 20"),
        ("history events per pay-in, M-Pesa", events["mpesa"], ""),
        ("ledger entries/s, 1,000 accounts", ledger["entries_per_second"], "≥ 1500"),
        ("ledger entries/s, hot accounts", ledger["hot_entries_per_second"], "≥ 1000"),
        ("lost", results["lost"], "0"),
        ("doubled", results["doubled"], "0"),
        *((name, value, "") for name, value in results["postgres"].items()),
    ]
