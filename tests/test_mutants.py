"""Every bug of the catalogue can still be planted, and the check that must catch it is there."""

import re
from pathlib import Path

import pytest

from cli.sweep.choosing import everything, only
from mutants.catalogue import MUTANTS
from mutants.mutant import Check, Mutant

ROOT = Path(__file__).parent.parent


def named(mutant: Mutant) -> str:
    return mutant.name


def checked(check: Check) -> list[str]:
    """The cells or tests a check runs."""
    if check.kind == "sweep":
        return [cell.name for cell in only(everything(), check.selection[0])]
    file, *rest = check.selection
    words = rest[rest.index("-k") + 1] if "-k" in rest else ""
    tests = re.findall(r"def (test_\w+)", (ROOT / file).read_text())
    return [test for test in tests if words in test]


@pytest.mark.parametrize("mutant", MUTANTS, ids=named)
def test_a_bug_has_one_place_to_be_planted(mutant: Mutant) -> None:
    assert (ROOT / mutant.file).read_text().count(mutant.old) == 1


@pytest.mark.parametrize("mutant", MUTANTS, ids=named)
def test_what_must_catch_a_bug_is_still_run(mutant: Mutant) -> None:
    assert checked(mutant.caught_by)
