"""The first sheet of an XLSX workbook, row by row, with bounds on what it unfolds to."""

import io
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from xml.etree.ElementTree import ParseError

import openpyxl
from openpyxl.utils.exceptions import InvalidFileException

from models.batch_limits import MOST_COLUMNS, MOST_ROWS, FileRefused
from runtime import workbook_traps

#: What openpyxl raises for parts that are missing, doubled or not what they say, and zipfile for
#: bytes that are damaged: what cannot be unpacked, is packed in a way of its own, or ends early.
_BROKEN = (
    *(InvalidFileException, ParseError, LookupError, ValueError, TypeError, AttributeError),
    *(zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError, OSError, ArithmeticError),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One cell as text; `formula` where it is computed."""

    text: str
    formula: bool = False


def cells_of(content: bytes) -> Iterator[list[Cell]]:
    """The rows of the first sheet. Raises FileRefused."""
    try:
        workbook_traps.check(content)
        book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, keep_links=False)
        try:
            yield from _sheet(book.worksheets[0])
        finally:
            book.close()
    except FileRefused:
        raise
    except _BROKEN as error:
        raise FileRefused(workbook_traps.UNREADABLE) from error


def _sheet(sheet: Any) -> Iterator[list[Cell]]:
    # Dimensions are what the file claims: rows and columns are bounded whatever it claims.
    sheet.reset_dimensions()
    for row in sheet.iter_rows(max_row=MOST_ROWS + 2, max_col=MOST_COLUMNS):
        yield [Cell(text=_text(cell.value), formula=cell.data_type == "f") for cell in row]


def _text(value: Any) -> str:
    """A cell as somebody would have typed it; a number without an exponent."""
    match value:
        case None:
            return ""
        case bool():
            return str(value).lower()
        case float():
            return f"{Decimal(repr(value)).normalize():f}"
        case datetime() | date():
            return value.isoformat()
        case _:
            return str(value)
