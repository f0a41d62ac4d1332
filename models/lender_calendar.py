"""Which days a lender books on, and who may: what would make Mifos X refuse afterwards."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from models.lending import Loan


class Forbidden(StrEnum):
    """Why a loan cannot be booked as disbursed on a day."""

    FUTURE = "future_date"
    BEFORE_APPROVAL = "before_approval"
    AFTER_FIRST_REPAYMENT = "after_first_repayment"
    HOLIDAY = "holiday"
    NON_WORKING_DAY = "non_working_day"


@dataclass(frozen=True, slots=True, kw_only=True)
class Calendar:
    """Facts of one tenant and office. `business_date` is None where that feature is off:

    today is then the date of the tenant's own time zone, which no call tells.
    `working_days`: Monday is 0. `holidays`: first and last day of each.
    """

    business_date: date | None = None
    holidays: tuple[tuple[date, date], ...] = ()
    working_days: frozenset[int] = frozenset(range(7))
    books_on_holidays: bool = False
    books_on_non_working_days: bool = False

    def forbids(self, loan: Loan, on: date, *, today: date) -> Forbidden | None:
        """Why `loan` cannot be disbursed on that day; `today` stands in for a business date."""
        if on > (self.business_date or today):
            return Forbidden.FUTURE
        if loan.approved_on and on < loan.approved_on:
            return Forbidden.BEFORE_APPROVAL
        if loan.first_repayment_on and on > loan.first_repayment_on:
            return Forbidden.AFTER_FIRST_REPAYMENT
        return self._closed(on)

    def _closed(self, on: date) -> Forbidden | None:
        if not self.books_on_non_working_days and on.weekday() not in self.working_days:
            return Forbidden.NON_WORKING_DAY
        holiday = any(first <= on <= last for first, last in self.holidays)
        return Forbidden.HOLIDAY if holiday and not self.books_on_holidays else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """Who we are to the lender's books. `renew_password`: the account is only half usable."""

    user_id: int | None
    office_id: int | None
    permissions: frozenset[str]
    renew_password: bool = False

    def may(self, permission: str) -> bool:
        """Whether the user holds the permission, alone or through one that covers it."""
        wide = {"ALL_FUNCTIONS"} | ({"ALL_FUNCTIONS_READ"} if permission[:5] == "READ_" else set())
        return bool(self.permissions & {permission, *wide})

    def lacks(self, needed: tuple[str, ...]) -> tuple[str, ...]:
        """The needed permissions the user does not hold."""
        return tuple(name for name in needed if not self.may(name))
