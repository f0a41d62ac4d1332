"""How much of the conformance kit stands behind each capability of each provider.

`python -m tests.providers.counting` collects the kit without running it, and prints a table.
Cells: one sample or failure played at one call, on the line or against a simulator.
"""

import sys
from collections import Counter
from collections.abc import Iterable, Mapping
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path
from typing import Any

import pytest

FOLDER = Path(__file__).parent
KIT = (
    *sorted(FOLDER.glob("test_conformance_*.py")),
    *sorted(FOLDER.glob("test_*against_simulators.py")),
    FOLDER / "ncba" / "test_ncba_payer_simulated.py",
)
SLOTS = ("collects", "refunds", "pays_out", "pays_banks", "tells_balance", "names_holders")
#: The kit calls M-Pesa's simulator by the name of its API.
_NAMES = {"daraja": "mpesa"}


class Counting:
    """Counts what is collected, by provider and slot."""

    def __init__(self) -> None:
        self.cells: Counter[tuple[str, str]] = Counter()

    def pytest_collection_modifyitems(self, items: Iterable[pytest.Item]) -> None:
        """Every collected case is one cell of one capability."""
        for item in items:
            spec = getattr(item, "callspec", None)
            found = _cell(spec.params, item.nodeid) if spec else None
            if found:
                self.cells[found] += 1

    def pytest_collection_finish(self) -> None:
        """Tell; the session may leave the process without coming back."""
        print(table(self.cells), file=sys.__stdout__, flush=True)


def _cell(params: Mapping[str, Any], nodeid: str) -> tuple[str, str] | None:
    if "money_out" in params:
        way = params["money_out"]
        return way.name.partition("-")[0], way.slot
    sheet = params.get("sheet") or params.get("tokened")
    if sheet is not None:
        slots = [slot for slot, look in sheet.looks.items() if look is params.get("look")]
        return sheet.provider.name, slots[0] if slots else "collects"
    if "rail" in params:
        return params["rail"], "pays_out"
    if "provider" in params:
        return _NAMES.get(params["provider"], params["provider"]), "collects"
    return ("ncba", "pays_banks") if "ncba_payer" in nodeid else None


def table(cells: Mapping[tuple[str, str], int]) -> str:
    """A Markdown table: one row per provider, one column per capability, and the sum."""
    names = list(dict.fromkeys(name for name, _ in cells))
    rows = [f"| | {' | '.join(SLOTS)} |", f"|---{'|---' * len(SLOTS)}|"]
    for name in names:
        counts = [str(cells.get((name, slot), "")) for slot in SLOTS]
        rows.append(f"| `{name}` | {' | '.join(counts)} |")
    return "\n".join([*rows, "", f"{sum(cells.values())} cells, {len(cells)} capabilities."])


if __name__ == "__main__":
    with redirect_stdout(StringIO()):
        pytest.main(
            ["--collect-only", "-q", "-p", "no:cacheprovider", *map(str, KIT)], [Counting()]
        )
