"""Files of payouts, read row by row: what is held in memory is one row, and the file itself."""

import csv
import io
import re
from collections.abc import Iterator

from models.batch_columns import Column, columns_of, fits
from models.batch_limits import MOST_COLUMNS, MOST_ROWS, FileFormat, FileRefused, format_of
from models.batch_rows import RawRow
from runtime.workbooks import Cell, cells_of

#: What separates columns: the comma, what spreadsheets write in half of Europe, and a tab.
_SEPARATORS = (",", ";", "\t")
_WIDE = (b"\xff\xfe", b"\xfe\xff")
#: A line may end in a return alone: "CSV (Macintosh)".
_LINE_ENDS = re.compile(r"[\r\n]")


def rows_of(content: bytes) -> Iterator[RawRow]:
    """Every row that is not empty. Raises FileRefused, at the first row or on the way."""
    csv_file = format_of(content) is FileFormat.CSV
    lines = _lines(content) if csv_file else cells_of(content)
    columns: tuple[Column | None, ...] | None = None
    for number, cells in enumerate(lines, 1):
        if not any(cell.text.strip() for cell in cells):
            continue
        if columns is None:
            columns = columns_of([cell.text for cell in cells])
        elif number > MOST_ROWS + 1:
            raise FileRefused(f"{MOST_ROWS:,} rows at most; send the rest as another file")
        else:
            yield _row(number, cells, columns)
    if columns is None:
        raise FileRefused("the file is empty; its first row names the columns")


def _row(number: int, cells: list[Cell], columns: tuple[Column | None, ...]) -> RawRow:
    beyond = [cell for cell in cells[len(columns) :] if cell.text.strip()]
    if beyond:
        raise FileRefused(f"row {number} has more cells than the first row has headings")
    held = {name: cell for name, cell in zip(columns, cells, strict=False) if name is not None}
    return RawRow(
        line=number,
        cells={name: cell.text for name, cell in held.items() if cell.text},
        formulas=frozenset(name for name, cell in held.items() if cell.formula),
    )


def _lines(content: bytes) -> Iterator[list[Cell]]:
    text = io.TextIOWrapper(io.BytesIO(content), encoding=_encoding(content), newline="")
    reader = csv.reader(text, delimiter=_separator(content), strict=True)
    try:
        for row in reader:
            if len(row) > MOST_COLUMNS:
                raise FileRefused(f"line {reader.line_num}: {MOST_COLUMNS} columns at most")
            yield [Cell(text=cell) for cell in row]
    except UnicodeDecodeError as error:
        told = f"line {_undecodable(content)}: the text is not UTF-8; save the file as CSV UTF-8"
        raise FileRefused(told) from error
    except csv.Error as error:
        raise FileRefused(f"line {reader.line_num}: {error}") from error


def _encoding(content: bytes) -> str:
    """UTF-8, with or without its mark; UTF-16 where a mark says so."""
    return "utf-16" if content.startswith(_WIDE) else "utf-8-sig"


def _undecodable(content: bytes) -> int:
    """The line of the first byte that is none of the text's."""
    try:
        content.decode(_encoding(content))
    except UnicodeDecodeError as error:
        return content.count(b"\n", 0, error.start) + 1
    return 1


def _separator(content: bytes) -> str:
    """The one that makes most headings ours of the first line, whatever ends it."""
    beginning = content[:8192].decode(_encoding(content), errors="replace").lstrip()
    first = _LINE_ENDS.split(beginning, maxsplit=1)[0]
    headings = {one: next(csv.reader([first], delimiter=one), []) for one in _SEPARATORS}
    return max(_SEPARATORS, key=lambda one: fits(headings[one]))
