"""The capability matrix in docs/providers.md, written from the registry.

`python -m providers.matrix` rewrites the part between the marks; `--check` only compares.
"""

import sys
from collections.abc import Iterable
from pathlib import Path

from providers.contract import Provider, System
from providers.registry import known, systems

PAGE = Path(__file__).parent.parent / "docs" / "providers.md"
BEGIN, END = "<!-- matrix: written by `python -m providers.matrix` -->", "<!-- /matrix -->"

#: Column and slot of each capability.
_SLOTS = {
    "Collects": "collects",
    "Called back": "callbacks",
    "Refunds": "refunds",
    "Pays out": "pays_out",
    "Balance": "tells_balance",
    "Names": "names_holders",
    "Banks": "pays_banks",
}


def matrix(providers: Iterable[Provider | System]) -> str:
    """A Markdown table: one row per provider or system, one column per capability."""
    rows = [
        f"| Provider | {' | '.join(_SLOTS)} | Messages `kauri decode` reads |",
        f"|---{'|---' * len(_SLOTS)}|---|",
    ]
    for provider in providers:
        slots = [_yes(getattr(provider, slot, None)) for slot in _SLOTS.values()]
        messages = " ".join(f"`{name}`" for name in provider.messages)
        proposed = " (proposed)" if getattr(provider, "experimental", False) else ""
        rows.append(f"| `{provider.name}`{proposed} | {' | '.join(slots)} | {messages} |")
    return "\n".join(rows)


def written(page: str, table: str) -> str:
    """`page` with `table` between the marks. Raises ValueError without marks."""
    before, _, rest = page.partition(BEGIN)
    _, closed, after = rest.partition(END)
    if not closed:
        raise ValueError(f"{PAGE.name} has no {BEGIN} … {END}")
    return f"{before}{BEGIN}\n{table}\n{END}{after}"


def main(arguments: list[str]) -> int:
    """Write the page, or with --check say whether it is current."""
    page = PAGE.read_text(encoding="utf-8")
    current = written(page, matrix((*known().values(), *systems())))
    if "--check" not in arguments:
        PAGE.write_text(current, encoding="utf-8")
        return 0
    if page != current:
        sys.stderr.write(f"{PAGE.name} is out of date: run python -m providers.matrix\n")
    return int(page != current)


def _yes(slot: object) -> str:
    return "no" if slot is None else "yes"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
