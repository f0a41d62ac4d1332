"""Account statements and balances. Pure; never raises.

Sent as a list, as {"transactions": […]} or as one bare object. A row that cannot be read makes
the statement less than whole: it is then no evidence that something is missing.
"""

from dataclasses import replace

from models.banking import Side, Statement, StatementLine
from models.money import Money
from models.reading import Reading
from providers.ncba.amounts import CURRENCY, day, signed
from providers.ncba.errors import first, is_firewall, read_error
from providers.readings import UNREADABLE, about_no_money
from providers.wire import Fields, parse, parse_list, text

#: Bytes. A busy account's day is far longer than any other answer.
LONGEST = 8 * 1024 * 1024
_LISTS = ("transactions", "Transactions")
_SIDES = {
    **dict.fromkeys(("credit", "c", "cr"), (Side.CREDIT, "CreditAmount")),
    **dict.fromkeys(("debit", "d", "dr"), (Side.DEBIT, "DebitAmount")),
}
_TEXTS = ("Narrative", "PaymentDetails", "CreditReference", "AdditionalReference",
          "InstrumentReferenceNumber")  # fmt: skip
_AVAILABLE = ("availableBalance", "AvailableBalance", "AvailBalance")
_SAID = Reading(verdict=None)


def statement(body: bytes, http_status: int = 200) -> Statement:
    """The lines, and whether they are all there."""
    rows = _rows(body) if http_status // 100 == 2 else None
    if rows is None:
        reading = about_no_money(read_error(body, http_status))
        return Statement(lines=(), whole=False, reading=reading)
    read = [_line(row) for row in rows]
    lines = tuple(line for line in read if line is not None)
    whole = len(lines) == len(read)
    return Statement(lines=lines, whole=whole, reading=_SAID if whole else UNREADABLE)


def read_statement(body: bytes, http_status: int = 200) -> Reading:
    """Says nothing about any instruction by itself; of a single line, what it shows."""
    found = statement(body, http_status)
    if not found.whole or len(found.lines) != 1:
        return found.reading
    (line,) = found.lines
    return replace(
        found.reading, amount=line.amount, provider_code=line.side, receipt=line.reference
    )


def read_balance(body: bytes, http_status: int = 200) -> Reading:
    """What the account can spend, negative where it is overdrawn."""
    answer = (parse(body) if http_status // 100 == 2 else None) or {}
    stated = first(answer, _AVAILABLE)
    if stated is None or is_firewall(body, http_status):
        return about_no_money(read_error(body, http_status))
    held = signed(stated, _currency(answer))
    return Reading(verdict=None, amount=held) if held else UNREADABLE


def _rows(body: bytes) -> list[Fields] | None:
    listed = parse_list(body, longest=LONGEST)
    if listed is not None:
        return listed
    answer = parse(body, longest=LONGEST) or {}
    if "CreditDebitFlag" in answer:
        return [answer]
    inner = next((answer[name] for name in _LISTS if name in answer), None)
    sound = isinstance(inner, list) and all(isinstance(row, dict) for row in inner)
    return inner if sound else None


def _line(row: Fields) -> StatementLine | None:
    on = day(row.get("ValueDate"))
    flag = (text(row.get("CreditDebitFlag")) or "").lower()
    side, field = _SIDES.get(flag, (None, ""))
    amount = signed(row.get(field), _currency(row))
    if on is None or side is None or amount is None:
        return None
    return StatementLine(
        on=on,
        side=side,
        amount=Money(abs(amount.minor), amount.currency),
        reference=text(row.get("InstrumentReferenceNumber")),
        texts=tuple(said for name in _TEXTS if (said := text(row.get(name)))),
        balance=signed(row.get("RunningBalance"), _currency(row)),
    )


def _currency(row: Fields) -> str:
    return (first(row, ("TransactionCurrency", "currency", "Currency")) or CURRENCY).upper()
