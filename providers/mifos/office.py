"""Users, calendars, switches and hooks out of Fineract's JSON. Pure."""

from datetime import date

from models.lender_calendar import Access, Calendar
from models.lender_orders import Hook
from models.reading import Reading, Reason, Verdict
from providers.http import Answer
from providers.mifos import records
from providers.mifos.connection import MifosRefused
from providers.mifos.errors import read_error
from providers.readings import UNREADABLE, about_a_question
from providers.wire import Fields, fields, listed, parse, text

_DAYS = {"MO": 0, "TU": 1, "WE": 2, "TH": 3, "FR": 4, "SA": 5, "SU": 6}
_HOLIDAY_ACTIVE = 300
_NOT_US = Reading(verdict=Verdict.UNKNOWN, reason=Reason.CREDENTIALS)


def access(answer: Answer) -> Access:
    """Who the credentials are. Raises MifosRefused."""
    said = parse(answer.body)
    if answer.status // 100 != 2 or said is None:
        raise MifosRefused(about_a_question(read_error(answer.body, answer.status)))
    if not records.flag(said.get("authenticated")):
        raise MifosRefused(_NOT_US if "authenticated" in said else UNREADABLE)
    held = said.get("permissions")
    return Access(
        user_id=records.number(said.get("userId")),
        office_id=records.number(said.get("officeId")),
        permissions=frozenset(filter(None, map(text, held if isinstance(held, list) else []))),
        renew_password=records.flag(said.get("shouldRenewPassword")),
    )


def switches(answer: Fields) -> dict[str, bool]:
    """Global configuration by name."""
    lines = listed(answer.get("globalConfiguration"))
    return {text(line.get("name")) or "": records.flag(line.get("enabled")) for line in lines}


def calendar(
    *, dates: list[Fields], holidays: list[Fields], working: Fields, switches: dict[str, bool]
) -> Calendar:
    """The days an office books on."""
    today = [line for line in dates if text(line.get("type")) == "BUSINESS_DATE"]
    on = switches.get("enable-business-date", bool(today))
    return Calendar(
        business_date=records.day(today[0].get("date")) if today and on else None,
        holidays=tuple(span for line in holidays if (span := _holiday(line))),
        working_days=_working(text(working.get("recurrence")) or ""),
        books_on_holidays=switches.get("allow-transactions-on-holiday", False),
        books_on_non_working_days=switches.get("allow-transactions-on-non_workingday", False),
    )


def hook(line: Fields) -> Hook | None:
    """One hook."""
    key = records.number(line.get("id"))
    if key is None:
        return None
    config = {text(part.get("fieldName")): part for part in listed(line.get("config"))}
    events = [
        (text(event.get("entityName")) or "", text(event.get("actionName")) or "")
        for event in listed(line.get("events"))
    ]
    return Hook(
        id=key,
        active=records.flag(line.get("isActive")),
        url=text(fields(config.get("Payload URL")).get("fieldValue")) or "",
        events=tuple(events),
    )


def _holiday(line: Fields) -> tuple[date, date] | None:
    status = records.number(fields(line.get("status")).get("id"))
    first, last = records.day(line.get("fromDate")), records.day(line.get("toDate"))
    if status not in {None, _HOLIDAY_ACTIVE} or first is None:
        return None
    return first, last or first


def _working(recurrence: str) -> frozenset[int]:
    """`FREQ=WEEKLY;INTERVAL=1;BYDAY=MO,TU`: every day where none is named."""
    named = [part.removeprefix("BYDAY=") for part in recurrence.split(";") if "BYDAY=" in part]
    days = {_DAYS[name] for part in named for name in part.split(",") if name in _DAYS}
    return frozenset(days or range(7))
