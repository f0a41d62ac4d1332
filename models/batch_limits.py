"""How large a file of payouts may be, and why one is not taken. Pure."""

from enum import StrEnum

#: Rows below the header; bytes of the file as it is sent.
MOST_ROWS = 100_000
LARGEST_FILE = 16 * 1024 * 1024
#: A workbook is a compressed archive: bytes it may unfold to, how many parts it may have, and
#: how many times larger than the file all of it may be. 100,000 rows of nine columns are a sheet
#: of 70 MB with their texts in it, at 70 bytes a cell.
LARGEST_UNFOLDED = 128 * 1024 * 1024
MOST_PARTS = 1_000
#: Bytes of a part that is no sheet: those are held whole. It is what shared texts of 100,000 rows
#: take, five a row of 17 letters each; openpyxl makes some 600 MB of the worst that fits.
LARGEST_PART = 16 * 1024 * 1024
MOST_FOLDS = 200
#: Columns looked at, and letters of one cell.
MOST_COLUMNS = 64
LONGEST_CELL = 500


class FileFormat(StrEnum):
    """What the file is, told by its first bytes."""

    CSV = "csv"
    XLSX = "xlsx"


#: An archive begins so; no text does.
_ARCHIVE = b"PK\x03\x04"


def format_of(content: bytes) -> FileFormat:
    """What the file is."""
    return FileFormat.XLSX if content.startswith(_ARCHIVE) else FileFormat.CSV


class FileRefused(ValueError):
    """The file cannot be read as payouts. The text says what to do, and where it can the row."""
