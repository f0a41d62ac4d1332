"""What the sweep tries: nothing is left out, and the same seed draws the same troubles."""

import json
from pathlib import Path

from typer.testing import CliRunner

from cli.__main__ import app
from cli.sweep import cells, choosing
from cli.sweep.arms import Arms
from cli.sweep.endings import allowed
from cli.sweep.invariants import Violation
from cli.sweep.payouts import cells as payouts
from cli.sweep.report import document
from cli.sweep.run import Result, Verdict
from cli.sweep.vault import cells as vault
from simulators.faults import FAULTS


def test_every_point_meets_every_victim_for_both_providers() -> None:
    assert len(cells.kills()) == len(cells.POINTS) * 4 * 2
    assert len({cell.name for cell in choosing.everything()}) == len(choosing.everything())


def test_every_fault_of_the_simulators_is_tried_for_both_providers() -> None:
    tried = {(cell.provider, cell.fault) for cell in cells.faults() if not cell.silent}
    assert tried == {(name, fault.name) for fault in FAULTS for name in ("mpesa", "momo")}


def test_every_point_of_a_lenders_saga_meets_every_victim() -> None:
    points = sum(len(points) for points in vault.POINTS.values())
    assert len(vault.kills()) == points * len(cells.VICTIMS)


def test_every_point_of_a_payout_meets_every_victim_and_every_rail_every_fault() -> None:
    points = sum(len(points) for points in payouts.POINTS.values())
    assert len(payouts.kills()) == points * len(cells.VICTIMS)
    tried = {(cell.provider, cell.fault) for cell in payouts.faults()}
    assert tried == {(rail, fault.name) for rail in payouts.RAILS for fault in FAULTS}


def test_the_short_selection_holds_every_victim_and_both_providers() -> None:
    chosen = choosing.short()
    assert {cell.victim for cell in chosen} == {"", *cells.VICTIMS}
    assert {cell.provider for cell in chosen} >= {*cells.PROVIDERS, vault.MIFOS, "wave"}


def test_the_same_seed_draws_the_same_cells() -> None:
    assert cells.by_chance(7, 40) == cells.by_chance(7, 40)
    assert cells.by_chance(7, 40) != cells.by_chance(8, 40)


def test_mtn_always_comes_right_by_itself_however_it_was_killed() -> None:
    needing = [
        cell.name
        for cell in cells.kills()
        if cell.provider == "momo" and allowed(cell) - {"succeeded", "canceled"}
    ]
    assert needing == [name for name in needing if "stray." in name]


def test_a_pattern_chooses_cells_and_the_list_is_printed_without_running_any() -> None:
    shown = CliRunner().invoke(app, ["sweep", "--list", "--only", "checkout/momo/book.*/postgres"])
    assert shown.output.splitlines() == [
        "checkout/momo/book.before/postgres",
        "checkout/momo/book.written/postgres",
        "checkout/momo/book.after/postgres",
    ]


def test_the_document_counts_violations_by_saga() -> None:
    cell = cells.kills()[0]
    wrong = Violation(invariant="I4", payment="pay_1", says="differs")
    verdicts = [
        Verdict(cell=cell, status="succeeded", seconds=1.0, violations=[]),
        Verdict(cell=cell, status="succeeded", seconds=1.0, violations=[wrong]),
    ]
    shown = document(Result(seed=7, verdicts=verdicts, at_the_end=[wrong]))
    assert (shown["cells"], shown["violations"], shown["seed"]) == (2, 2, 7)
    assert shown["by_saga"]["checkout"] == {"cells": 2, "violations": 1}
    assert json.loads(json.dumps(shown)) == shown


def test_a_released_arm_stops_nobody(tmp_path: Path) -> None:
    arms = Arms(tmp_path)
    arm = arms.arm("worker", "book.before", "cs_1")
    assert [file.name for file in tmp_path.iterdir()] == ["worker.book.before.cs_1.armed"]
    arms.release(arm)
    assert list(tmp_path.iterdir()) == []
