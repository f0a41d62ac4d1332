"""The table of faults: one in code, the same in docs/simulators.md."""

import re
from pathlib import Path

import pytest

from simulators import faults
from simulators.faults import FAULTS, PAID, Calls, Outcome, Wire
from simulators.scripts import End, script

_DOC = Path(__file__).parents[2] / "docs" / "simulators.md"
_ROW = re.compile(r"^\| (\d\d) \| `(\w+)` \| (.+) \|$", re.MULTILINE)


def test_the_documented_table_is_the_table_in_code() -> None:
    documented = _ROW.findall(_DOC.read_text())
    assert documented == [(fault.suffix, fault.name, fault.says) for fault in FAULTS]


def test_suffixes_and_names_are_unique() -> None:
    assert len({fault.suffix for fault in FAULTS}) == len(FAULTS)
    assert len({fault.name for fault in FAULTS}) == len(FAULTS)


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_both_countries_share_the_suffix(fault: faults.Fault) -> None:
    kenyan = faults.of_number(f"2547000000{fault.suffix}")
    cameroonian = faults.of_number(f"2376700000{fault.suffix}")
    assert kenyan is cameroonian is faults.named(fault.name) is fault


@pytest.mark.parametrize("number", ["254700000199", "2547000000011", "", "46733123450"])
def test_every_other_number_pays(number: str) -> None:
    assert faults.of_number(number) is PAID


@pytest.mark.parametrize("wire", Wire)
def test_every_way_of_answering_has_a_number(wire: Wire) -> None:
    assert any(fault.wire is wire for fault in FAULTS)


@pytest.mark.parametrize("calls", Calls)
def test_every_way_of_calling_back_has_a_number_and_ends_the_payment(calls: Calls) -> None:
    assert any(fault.calls is calls for fault in FAULTS)
    assert any(isinstance(step, End) for step in script(PAID, calls))


def test_who_never_decides_has_no_script() -> None:
    never = next(fault for fault in FAULTS if fault.outcome is Outcome.NEVER)
    assert script(never, Calls.ONCE) == ()
