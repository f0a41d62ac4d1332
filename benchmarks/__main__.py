"""`make bench`, or `python -m benchmarks [--quick]`: the numbers of docs/performance.md.

One run measures bare Temporal and Kauri side by side: first on the real Temporal server on
PostgreSQL, then on the embedded development server. `--only loans`, `batch`, `payouts`, `poll` or
`pages` measures that alone, beside the baseline it is compared to, and leaves the other results as
they are kept.
"""

import argparse
import asyncio
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeAlias

from rich.console import Console

from benchmarks import batch, ledger, loans, machine, offer, pages, payouts, polls, report
from benchmarks.kauri import KauriLoad
from benchmarks.runs import Run
from benchmarks.stand import Measured, Pace, Stand
from benchmarks.witness import Witness

Say: TypeAlias = Callable[[str], None]

_QUICK = Pace(
    step=8.0,
    steps=2,
    flood=50.0,
    acceptance=((100.0, 5.0),),
    loans=40,
    payouts=40,
    polled=1_000,
    batched=100,
)
#: Every row, shorter runs: about fourteen minutes.
_BRIEF = Pace(
    step=12.0,
    steps=4,
    flood=70.0,
    acceptance=((200.0, 20.0), (500.0, 5.0)),
    loans=150,
    payouts=150,
    batched=300,
)
_SECOND = Pace(step=20.0, steps=4)


def main() -> None:
    """Measure, print and keep."""
    options = _options()
    console = Console()
    say = console.print
    before = machine.load()
    say(f"load average before: {before} (a quiet machine is below 0.2)")
    first = _QUICK if options.quick else _BRIEF if options.brief else Pace()
    first = replace(first, batched=options.rows or first.batched)
    if options.only:
        stand = Stand(options.state, "server", Path("k6"), first, say)  # k6 offers pay-ins only
        results = _alone(stand, first, options, say)
        results[options.only]["load_before"] = before  # the other parts ran at another time
    else:
        results = {**_whole(options, first, say), "machine": _machine(before)}
    results.setdefault("machine", _machine(before))
    report.keep(results, options.out)
    report.show(results, console)
    console.print(f"kept in {options.out}")


def _machine(before: float) -> dict[str, Any]:
    return {**machine.facts(), "load_before": before}


def _whole(options: argparse.Namespace, first: Pace, say: Say) -> dict[str, Any]:
    k6 = offer.program(say)
    results = _server(Stand(options.state, "server", k6, first, say), first, say)
    if not (options.quick or options.brief):
        results["rows"].update(_dev(Stand(options.state, "dev", k6, _SECOND, say)))
    return results


def _alone(stand: Stand, pace: Pace, options: argparse.Namespace, say: Say) -> dict[str, Any]:
    """One part on a stack of its own, among the results that were kept before."""
    with stand.running() as witness:
        bare = stand.bare_at_once() if options.only in {"loans", "payouts"} else None
        stand.open_shop(witness)
        alone = {
            "batch": lambda: _batch(stand, pace, say),
            "poll": lambda: _polls(stand, pace, say),
            "pages": lambda: _pages(stand),
        }
        if bare is not None and options.only == "payouts":
            measured = _payouts(stand, bare, pace, say)
        elif bare is not None:
            measured = _loans(stand, witness, bare, pace, say)
        else:
            measured = alone[options.only]()
    return {**report.kept(options.out), options.only: measured}


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="seven minutes, to see that it works")
    parser.add_argument(
        "--brief",
        action="store_true",
        help="real server only, shorter runs, about fourteen minutes",
    )
    parser.add_argument(
        "--only",
        choices=("loans", "batch", "payouts", "poll", "pages"),
        help="measure this alone",
    )
    parser.add_argument("--rows", type=int, help="rows of the batch that is paid (up to 100,000)")
    parser.add_argument("--state", type=Path, default=Path(".kauri/bench"))
    parser.add_argument("--out", type=Path, default=report.LATEST)
    return parser.parse_args()


def _server(stand: Stand, pace: Pace, say: Say) -> dict[str, Any]:
    """Every number of the issue, on the real server."""
    with stand.running() as witness:
        rows, at_once = (
            {"bare Temporal": stand.bare()},
            stand.bare_at_once(),
        )
        stand.open_shop(witness)
        plain, told = stand.load(witness), stand.load(witness, webhooks=True)
        phones = stand.load(witness, mpesa=True)
        rows["pay-ins"] = stand.pay_ins(plain)
        events = {"momo": stand.history_events(plain, witness), "mpesa": 0}
        phones.offer(4, 5)
        events["mpesa"] = stand.history_events(phones, witness)
        runs = [_accepted(plain, rate, seconds) for rate, seconds in pace.acceptance]
        rows["pay-ins, webhooks"] = stand.pay_ins(told)
        results = _summed(rows, runs, [plain, told])
        results["history_events_per_pay_in"] = events
        results["postgres"] = witness.settings()
        results["loans"] = _loans(stand, witness, at_once, pace, say)
        results["batch"] = _batch(stand, pace, say)
        results["ledger"] = _ledger(stand)
        results["payouts"] = _payouts(stand, at_once, pace, say)
        results["poll"] = _polls(stand, pace, say)
        results["pages"] = _pages(stand)
    return results


def _loans(stand: Stand, witness: Witness, bare: Run, pace: Pace, say: Say) -> dict[str, Any]:
    witness.behave("daraja", approve_after_seconds=loans.PAYS_AFTER)
    return report.at_once(asyncio.run(loans.measure(stand, bare, pace.loans, say)), "loan")


def _payouts(stand: Stand, bare: Run, pace: Pace, say: Say) -> dict[str, Any]:
    return report.at_once(asyncio.run(payouts.measure(stand, bare, pace.payouts, say)), "payout")


def _batch(stand: Stand, pace: Pace, say: Say) -> dict[str, Any]:
    return asyncio.run(batch.measure(stand, pace.batched, say))


def _pages(stand: Stand) -> dict[str, Any]:
    return asyncio.run(pages.measure(stand)).kept()


def _polls(stand: Stand, pace: Pace, say: Say) -> dict[str, Any]:
    return asyncio.run(polls.measure(stand, pace.polled, say)).kept()


def _accepted(load: KauriLoad, rate: float, seconds: float) -> dict[str, Any]:
    taken = load.accept(rate, seconds)
    return report.accepted(taken, load.drain())


def _summed(
    rows: dict[str, Measured], runs: list[dict[str, Any]], loads: list[KauriLoad]
) -> dict[str, Any]:
    kept = {name: report.searched(measured) for name, measured in rows.items()}
    pay_ins, bare = kept["pay-ins"], kept["bare Temporal"]
    audits = [load.audit() for load in loads]
    ratio = pay_ins["per_second"] / bare["per_second"] if bare["per_second"] else 0.0
    return {
        "pay_ins": {**pay_ins, "ratio_to_bare_temporal": round(ratio, 2)},
        "cpu_ms_per_pay_in": pay_ins["cpu_ms_per_pay_in"],
        "acceptance": {
            "p99_ms": runs[0]["p99_ms"],
            "errors": sum(run["errors"] for run in runs),
            "runs": runs,
        },
        "lost": sum(audit.lost for audit in audits),
        "doubled": sum(audit.doubled for audit in audits),
        "rows": kept,
    }


def _dev(stand: Stand) -> dict[str, Any]:
    """The same two loads on the embedded development server."""
    with stand.running() as witness:
        bare = stand.bare()
        stand.open_shop(witness)
        pay_ins = stand.pay_ins(stand.load(witness))
    rows = {"bare, dev server": bare, "pay-ins, dev server": pay_ins}
    return {name: report.searched(measured) for name, measured in rows.items()}


def _ledger(stand: Stand) -> dict[str, Any]:
    measured = asyncio.run(ledger.measure(stand.database_url))
    return {
        "entries_per_second": measured["many_accounts_per_second"],
        "hot_entries_per_second": measured["hot_accounts_per_second"],
        **measured,
    }


if __name__ == "__main__":
    main()
