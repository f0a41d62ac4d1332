"""The results, as a table for people and as JSON for machines."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from benchmarks.at_once import Carried
from benchmarks.offer import Acceptance
from benchmarks.stand import Measured

LATEST = Path(__file__).parent / "results" / "latest.json"
#: Not the product's cost: it plays the provider.
_APART = "simulators"
#: Sagas that are begun all at once.
_AT_ONCE = ("loan", "payout")


def searched(measured: Measured) -> dict[str, Any]:
    """A search as it is kept."""
    best, cost = measured.found.best, measured.cpu_ms
    ours = _total(cost)
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


def at_once(done: Carried, one: str) -> dict[str, Any]:
    """A run of sagas begun all at once, as it is kept. `one`: what each of them is."""
    cost = {name: round(ms, 2) for name, ms in done.cpu_ms.items()}
    return {
        "per_second": round(done.run.overall, 2),
        "ratio_to_bare_temporal": round(done.ratio, 2),
        "bare_per_second": round(done.bare.overall, 1),
        f"{one}s": done.run.offered,
        "seconds": round(done.run.seconds, 1),
        "p95_seconds": round(done.run.p95, 1),
        "history_events": done.events,
        f"cpu_ms_per_{one}": {**cost, "total": _total(cost)},
        "lost": done.audit.lost,
        "doubled": done.audit.doubled,
    }


def kept(path: Path = LATEST) -> dict[str, Any]:
    """The results of the last run; nothing where there was none."""
    results: dict[str, Any] = json.loads(path.read_text()) if path.exists() else {}
    return results


def keep(results: dict[str, Any], path: Path = LATEST) -> None:
    """Write the results down."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(results, indent=2) + "\n")


def show(results: dict[str, Any], console: Console) -> None:
    """The table, of what there is."""
    table = Table("measured", "value", "target", title="make bench")
    for row in _lines(results):
        table.add_row(*map(str, row))
    console.print(table)
    if "rows" in results or any(f"{one}s" in results for one in _AT_ONCE):
        console.print(_costs(results))


def _lines(results: dict[str, Any]) -> Iterator[tuple[Any, ...]]:
    if "rows" in results:
        yield from (*_rates(results), *_acceptance(results), *_rest(results))
    for one in _AT_ONCE:
        if f"{one}s" in results:
            yield from _begun_at_once(results[f"{one}s"], one)
    if "batch" in results:
        yield from _batch(results["batch"])
    if "poll" in results:
        yield from _polls(results["poll"])
    if "pages" in results:
        yield from _pages(results["pages"])


def _costs(results: dict[str, Any]) -> Table:
    rows = {name: row["cpu_ms_per_pay_in"] for name, row in results.get("rows", {}).items()}
    for one in _AT_ONCE:
        if f"{one}s" in results:
            rows[f"{one}s"] = results[f"{one}s"][f"cpu_ms_per_{one}"]
    costs = Table("CPU-ms each", *rows, title="by process")
    names = {name for row in rows.values() for name in row}
    for name in sorted(names, key=lambda one: (one == "total", one)):
        cells = (row.get(name, "") for row in rows.values())
        costs.add_row(f"{name} (apart)" if name == _APART else name, *map(str, cells))
    return costs


def _begun_at_once(kept: dict[str, Any], one: str) -> list[tuple[Any, ...]]:
    once = f"{one}s/s, {kept[f'{one}s']} at once (bare/s)"
    return [
        (once, f"{kept['per_second']} ({kept['bare_per_second']})", ""),
        (f"{one}s to bare Temporal", kept["ratio_to_bare_temporal"], ""),
        (f"history events per {one}", kept["history_events"], ""),
        (f"{one}s lost, doubled", f"{kept['lost']}, {kept['doubled']}", "0, 0"),
    ]


def _batch(batch: dict[str, Any]) -> list[tuple[Any, ...]]:
    rows: list[tuple[Any, ...]] = []
    for one in batch["files"]:
        told = f"{one['per_second']} in {one['seconds']} s"
        rows.append((f"batch: rows/s read, checked, kept, of {one['rows']}", told, ""))
    grown, paid = batch["memory_growth_mib"], batch["paid"]
    events = f"{paid['history_events']}, {paid['runs']} runs ({paid['payout_events']} a payout)"
    return [
        *rows,
        ("batch: most each worker held while paying, MiB", _span(paid.get("memory", ())), "flat"),
        (
            "batch: memory grown while reading, MiB",
            f"worker {grown['worker']}, api {grown['api']}",
            "flat",
        ),
        (
            f"batch: rows/s paid, of {paid['rows']}",
            f"{paid['per_second']}, worker killed {paid['kills']} times, {paid['state']}",
            "completed",
        ),
        ("batch: history events of its longest run", events, "bounded"),
        ("batch: rows lost, doubled", f"{batch['lost']}, {batch['doubled']}", "0, 0"),
    ]


def _span(values: Sequence[float]) -> str:
    return f"{min(values)} to {max(values)}, the last {values[-1]}" if values else ""


def _pages(pages: dict[str, Any]) -> list[tuple[Any, ...]]:
    rows: list[tuple[Any, ...]] = []
    for name, what in (("alone", "one payer"), ("together", "sixteen")):
        one = pages[name]
        told = f"{one['p50_ms']}, {one['p95_ms']}, {one['p99_ms']} ms"
        rows.append((f"payer's page, first byte, {what}: p50, p95, p99", told, ""))
    size = f"{pages['whole_bytes']} ({pages['html_bytes']} HTML)"
    return [*rows, ("payer's page, bytes without cache", size, "60,000")]


def _polls(poll: dict[str, Any]) -> list[tuple[Any, ...]]:
    rows: list[tuple[Any, ...]] = []
    for name, what in (("new", "all new"), ("known", "none new")):
        one = poll[name]
        told = f"{one['seconds']} s, {one['requests']} requests, {one['accepted']} accepted"
        rows.append((f"poll of {one['seen']} loans, {what}", told, ""))
    grown = f"{poll['memory_growth_mib']} MiB over {poll['small']['peak_mib']} MiB"
    return [
        *rows,
        ("poll: memory grown", grown, "flat"),
        ("poll: loans missed, taken twice", f"{poll['missed']}, {poll['twice']}", "0, 0"),
    ]


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


def _total(cost: Mapping[str, float]) -> float:
    """What the product and what it stands on cost together."""
    return round(sum(ms for name, ms in cost.items() if name != _APART), 2)
