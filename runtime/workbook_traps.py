"""Whether an archive that calls itself a workbook may be opened at all."""

import io
import re
import zipfile
from collections.abc import Sequence
from typing import Any
from xml.parsers import expat

from openpyxl.reader.excel import ExcelReader
from openpyxl.xml.constants import SHARED_STRINGS

from models.batch_limits import (
    LARGEST_PART,
    LARGEST_UNFOLDED,
    MOST_FOLDS,
    MOST_PARTS,
    FileRefused,
)

UNREADABLE = "the workbook cannot be read; save it as XLSX again, or as CSV"
_TOO_MUCH = "the workbook unfolds to too much; send its rows as CSV"
#: Sheets are read row by row, everything else is held whole.
_SHEET = re.compile(r"xl/worksheets/[^/]+\.xml")
#: The first element of a part begins within so many bytes.
_PROLOG = 64 * 1024
_TYPES, _ELEMENT = "types", "element"


def check(content: bytes) -> None:
    """Judge by what the archive says of its parts; zipfile hands out no byte more than is said.

    Raises FileRefused, and whatever zipfile raises for an archive that is broken.
    """
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = archive.infolist()
        unfolded = sum(part.file_size for part in parts)
        if len(parts) > MOST_PARTS or unfolded > LARGEST_UNFOLDED:
            raise FileRefused(_TOO_MUCH)
        if unfolded > MOST_FOLDS * len(content):
            raise FileRefused("the workbook is packed too tightly; save it again, or as CSV")
        for part in parts:
            if part.flag_bits & 1:
                raise FileRefused("the workbook is protected by a password; save it without")
            if _declares(archive, part):
                raise FileRefused(UNREADABLE)
    _bound_parts(content, parts)


def _bound_parts(content: bytes, parts: Sequence[zipfile.ZipInfo]) -> None:
    large = {part.filename for part in parts if part.file_size > LARGEST_PART}
    if not large:
        return
    if not all(_SHEET.fullmatch(name) for name in large) or _shared_texts(content) in large:
        raise FileRefused(_TOO_MUCH)


def _shared_texts(content: bytes) -> str | None:
    """The part openpyxl takes the texts of cells from: the archive may call it as it likes."""
    reader: Any = ExcelReader(io.BytesIO(content), read_only=True, keep_links=False)
    with reader.archive:
        reader.read_manifest()
    found = reader.package.find(SHARED_STRINGS)
    return None if found is None else str(found.PartName[1:])


def _declares(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> bool:
    """Whether a document type comes before the first element, or no element comes soon.

    No workbook of a spreadsheet declares types or entities of its own. Read by the parser that
    reads the part later, in whatever encoding: what that cannot read is never read as XML.
    """
    with archive.open(part) as opened:
        beginning = opened.read(_PROLOG)
    seen: list[str] = []
    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = lambda *_: seen.append(_TYPES)
    parser.StartElementHandler = lambda *_: seen.append(_ELEMENT)
    try:
        parser.Parse(beginning, False)  # noqa: FBT003 - expat takes it by position only
    except expat.ExpatError:
        return _TYPES in seen
    return _TYPES in seen or (not seen and len(beginning) == _PROLOG)
