"""Files of payouts are read row by row, in the forms people send, within bounds."""

import io
import random
import struct
import time
import tracemalloc
import zipfile
from collections.abc import Sequence
from typing import Any

import openpyxl
import pytest
from openpyxl.xml.constants import SHARED_STRINGS, SHEET_MAIN_NS

from models.batch_columns import Column
from models.batch_limits import LARGEST_PART, MOST_ROWS, FileRefused
from models.batch_rows import RawRow
from runtime.payout_files import rows_of

HEADER = ["Phone", "Amount", "Name"]
SHEET = "xl/worksheets/sheet1.xml"
ROWS = [["+254712000001", "1500.5", "Jané"], ["+254712000002", "20", "A, B"]]


def csv_of(separator: str = ",", rows: Sequence[Sequence[str]] = ROWS) -> str:
    lines = [separator.join(f'"{cell}"' for cell in row) for row in [HEADER, *rows]]
    return "\r\n".join(lines) + "\r\n"


def workbook(rows: Sequence[Sequence[Any]]) -> bytes:
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet()
    for row in rows:
        sheet.append(row)
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


def read(content: bytes) -> list[RawRow]:
    return list(rows_of(content))


@pytest.mark.parametrize(
    "content",
    [
        csv_of().encode(),
        csv_of().encode("utf-8-sig"),
        csv_of(";").encode("utf-8-sig"),
        csv_of("\t").encode("utf-16"),
        csv_of().replace("\r\n", "\n").encode(),
        csv_of().replace("\r\n", "\r").encode(),
        csv_of(";").replace("\r\n", "\r").encode("utf-16"),
        workbook([HEADER, *ROWS]),
        workbook([HEADER, [254712000001, 1500.5, "Jané"], [254712000002, 20.0, "A, B"]]),
    ],
    ids=[
        "utf-8",
        "with its mark",
        "semicolons",
        "utf-16",
        "unix",
        "macintosh",
        "wide macintosh",
        "text cells",
        "number cells",
    ],
)
def test_every_form_of_a_file_says_the_same(content: bytes) -> None:
    first, second = read(content)
    assert first.line == 2
    assert first.cells[Column.PHONE].lstrip("+") == "254712000001"
    assert (first.cells[Column.AMOUNT], first.cells[Column.NAME]) == ("1500.5", "Jané")
    assert (second.line, second.cells[Column.AMOUNT], second.cells[Column.NAME]) == (
        3, "20", "A, B",
    )  # fmt: skip


def test_empty_rows_are_passed_over_and_counted() -> None:
    content = csv_of(rows=[["", "", ""], ROWS[0]]).encode()
    assert [row.line for row in read(content)] == [3]


def test_a_formula_is_not_believed() -> None:
    (row,) = read(workbook([HEADER, ["+254712000001", "=1000+500", "Jane"]]))
    assert row.formulas == {Column.AMOUNT}


def test_rows_come_before_the_file_is_read_to_its_end() -> None:
    many = csv_of(rows=ROWS * 500).encode()
    rows = rows_of(many + b"\xff\xfe,1,x\r\n")
    assert next(rows).line == 2
    with pytest.raises(FileRefused, match="line 1002: the text is not UTF-8"):
        list(rows)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "the file is empty"),
        (b"\n\n", "the file is empty"),
        (csv_of(rows=[["a", "1", "x", "stray"]]).encode(), "row 2 has more cells"),
        (csv_of().encode() + b'"open,1,x', "line 4"),
        (b"PK\x03\x04 and nothing more", "cannot be read"),
        (("phone,amount," + "," * 70).encode(), "64 columns at most"),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_place(content: bytes, said: str) -> None:
    with pytest.raises(FileRefused, match=said):
        read(content)


def test_more_rows_than_may_be_are_refused() -> None:
    rows = b"+254712000001,1,x\n" * (MOST_ROWS + 1)
    with pytest.raises(FileRefused, match="100,000 rows at most"):
        read(b"phone,amount,name\n" + rows)


def archive(parts: dict[str, bytes]) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as opened:
        for name, content in parts.items():
            opened.writestr(name, content)
    return written.getvalue()


def packed_at(content: bytes, name: str) -> int:
    """Where the packed bytes of a part begin: after its name and what else its header holds."""
    with zipfile.ZipFile(io.BytesIO(content)) as opened:
        start = opened.getinfo(name).header_offset
    name_length, extra_length = struct.unpack_from("<HH", content, start + 26)
    return start + 30 + int(name_length) + int(extra_length)


@pytest.mark.parametrize("part", ["[Content_Types].xml", "xl/workbook.xml", SHEET])
def test_a_damaged_workbook_is_refused(part: str) -> None:
    content = bytearray(workbook([HEADER, *ROWS]))
    content[packed_at(bytes(content), part)] = 0xFF  # no deflate stream begins so
    with pytest.raises(FileRefused, match="save it as XLSX again"):
        read(bytes(content))


def test_a_workbook_packed_in_a_way_nobody_knows_is_refused() -> None:
    content = workbook([HEADER, *ROWS])
    # The directory's entry: its mark, two versions, flags, and then the way it is packed.
    entry = content.index(b"PK\x01\x02")
    odd = content[: entry + 10] + b"\x63\x00" + content[entry + 12 :]
    with pytest.raises(FileRefused, match="save it as XLSX again"):
        read(odd)


@pytest.mark.parametrize(
    ("parts", "said"),
    [
        ({"xl/workbook.xml": b"0" * 50_000_000}, "packed too tightly"),
        ({f"{n}.xml": b"" for n in range(1_001)}, "unfolds to too much"),
        ({"xl/workbook.xml": b'<?xml version="1.0"?><!DOCTYPE x>'}, "cannot be read"),
        ({"other.xml": b"<a/>"}, "cannot be read"),
    ],
    ids=["a bomb", "many parts", "declarations", "no workbook"],
)
def test_an_archive_that_is_a_trap_is_refused_unopened(parts: dict[str, bytes], said: str) -> None:
    with pytest.raises(FileRefused, match=said):
        read(archive(parts))


def parts_of(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as opened:
        return {name: opened.read(name) for name in opened.namelist()}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
@pytest.mark.parametrize(
    "prolog",
    [f"<!--{' ' * 5_000}--><!DOCTYPE worksheet [<!ENTITY a 'b'>]>", f"<!--{' ' * 70_000}-->"],
    ids=["late types", "no element for long"],
)
def test_types_are_found_however_late_and_in_whatever_encoding(prolog: str, encoding: str) -> None:
    parts = parts_of(workbook([HEADER, *ROWS]))
    parts[SHEET] = (prolog + parts[SHEET].decode()).encode(encoding)
    with pytest.raises(FileRefused, match="cannot be read"):
        read(archive(parts))


#: What cannot be packed keeps an archive from looking packed too tightly.
NOISE = random.Random(1).randbytes(200_000)
#: More than a part may have that is held whole.
LARGE = b" " * (LARGEST_PART + 1)


@pytest.mark.parametrize("name", ["xl/sharedStrings.xml", "xl/worksheets/texts.xml"])
def test_shared_texts_are_bounded_whatever_the_part_is_called(name: str) -> None:
    parts = parts_of(workbook([HEADER, *ROWS])) | {"xl/media/noise.bin": NOISE}
    parts[name] = b'<sst xmlns="%s">%s</sst>' % (SHEET_MAIN_NS.encode(), LARGE)
    named = f'<Override PartName="/{name}" ContentType="{SHARED_STRINGS}" /></Types>'
    types = parts["[Content_Types].xml"]
    parts["[Content_Types].xml"] = types.replace(b"</Types>", named.encode())
    with pytest.raises(FileRefused, match="unfolds to too much"):
        read(archive(parts))


def test_a_large_sheet_is_read() -> None:
    parts = parts_of(workbook([HEADER, *ROWS])) | {"xl/media/noise.bin": NOISE}
    parts[SHEET] = parts[SHEET].replace(b"</worksheet>", LARGE + b"</worksheet>")
    assert [row.line for row in read(archive(parts))] == [2, 3]


def test_a_sheet_that_claims_a_million_columns_is_read_to_the_bound() -> None:
    parts = parts_of(workbook([HEADER, ROWS[0]]))
    far = b'<c r="XFD2" t="inlineStr"><is><t>far</t></is></c></row></sheetData>'
    parts[SHEET] = parts[SHEET].replace(b"</row></sheetData>", far)
    started = time.monotonic()
    assert [row.line for row in read(archive(parts))] == [2]
    assert time.monotonic() - started < 2


def test_memory_stays_flat_however_many_rows_there_are() -> None:
    def most(rows: int) -> int:
        content = b"phone,amount,name\n" + b"+254712000001,1,x\n" * rows
        tracemalloc.start()
        for _row in rows_of(content):
            pass
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return peak

    assert most(20_000) < most(2_000) + 200_000
