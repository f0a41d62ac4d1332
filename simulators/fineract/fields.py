"""Reads the body of a command as strictly as Fineract does."""

import json
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from simulators.fineract import answers

#: Java's date patterns in Python's words.
_PATTERNS = {"yyyy-MM-dd": "%Y-%m-%d", "dd MMMM yyyy": "%d %B %Y", "dd/MM/yyyy": "%d/%m/%Y"}
_PAYMENT = {
    "paymentTypeId", "accountNumber", "checkNumber", "routingCode", "receiptNumber", "bankNumber",
}  # fmt: skip
_COMMON = {"dateFormat", "locale", "transactionAmount", "note", "externalId"}
DISBURSEMENT = _PAYMENT | _COMMON | {
    "actualDisbursementDate", "netDisbursalAmount", "fixedEmiAmount", "adjustRepaymentDate",
    "postDatedChecks",
}  # fmt: skip
TRANSACTION = _PAYMENT | _COMMON | {"transactionDate"}
UNDO = {"note"}


class Sent:
    """The fields of one command. Raises answers.Error as they are read."""

    def __init__(self, raw: bytes, supported: set[str]) -> None:
        try:
            body = json.loads(raw or b"{}", parse_float=Decimal)
        except ValueError as wrong:
            raise answers.invalid("error.msg.invalid.request.body", "not JSON") from wrong
        if not isinstance(body, dict):
            raise answers.invalid("error.msg.invalid.request.body", "not an object")
        for name in body:
            if name not in supported:
                raise answers.unsupported(name)
        self.body: dict[str, Any] = body

    def day(self, name: str) -> date:
        """A mandatory date, written as `dateFormat` says."""
        self._needs(name)
        for other in ("locale", "dateFormat"):
            if not self.body.get(other):
                raise answers.invalid(
                    f"validation.msg.missing.{other}.parameter",
                    f"{other} is mandatory",
                    field=other,
                )
        pattern = _PATTERNS.get(str(self.body["dateFormat"]))
        try:
            return datetime.strptime(str(self.body[name]), pattern or "").date()  # noqa: DTZ007 - a day has no zone
        except ValueError as wrong:
            code = "validation.msg.invalid.dateFormat.format"
            raise answers.invalid(code, f"{name} is not {pattern}", field=name) from wrong

    def minor(self, name: str, decimals: int) -> int | None:
        """An amount in minor units; None where it is not said."""
        if self.body.get(name) is None:
            return None
        try:
            scaled = Decimal(str(self.body[name])).scaleb(decimals)
        except InvalidOperation as wrong:
            code = "validation.msg.invalid.decimal.format"
            raise answers.invalid(code, f"{name} is not a number", field=name) from wrong
        if scaled != int(scaled) or scaled < 0:
            raise answers.invalid(f"validation.msg.{name}.not.positive", name, field=name)
        return int(scaled)

    def amount(self, name: str, decimals: int) -> int:
        """A mandatory amount above zero."""
        self._needs(name)
        minor = self.minor(name, decimals)
        if not minor:
            raise answers.invalid(f"validation.msg.{name}.not.greater.than.zero", name, field=name)
        return minor

    def text(self, name: str) -> str | None:
        """A text; None where it is not said."""
        value = self.body.get(name)
        return None if value in {None, ""} else str(value)

    def echo(self) -> dict[str, Any]:
        """What `changes` repeats."""
        said = {
            name: value
            for name, value in self.body.items()
            if name not in {"externalId", "note", "paymentTypeId"}
        }
        return {
            name: float(value) if isinstance(value, Decimal) else value
            for name, value in said.items()
        }

    def _needs(self, name: str) -> None:
        if self.body.get(name) in {None, ""}:
            code = f"validation.msg.loan.{name}.cannot.be.blank"
            raise answers.invalid(code, f"The parameter {name} is mandatory.", field=name)
