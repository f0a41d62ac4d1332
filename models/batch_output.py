"""Files we hand out: CSV that a spreadsheet shows and never computes. Pure."""

import csv
import io
from collections.abc import Iterable

#: A cell that begins so is a formula to a spreadsheet, or breaks out of its cell.
_COMPUTED = ("=", "+", "-", "@", "\t", "\r")


def harmless(cell: object) -> str:
    """The cell as text; an apostrophe keeps a spreadsheet from computing it."""
    text = "" if cell is None else str(cell)
    return f"'{text}" if text.startswith(_COMPUTED) else text


def csv_lines(rows: Iterable[Iterable[object]]) -> str:
    """The rows as CSV (RFC 4180)."""
    written = io.StringIO()
    csv.writer(written).writerows([harmless(cell) for cell in row] for row in rows)
    return written.getvalue()
