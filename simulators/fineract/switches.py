"""How one tenant is set up and behaves: turned through the control API."""

from datetime import date, datetime
from typing import Literal
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field, NonNegativeFloat

_DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


class Holiday(BaseModel):
    """From the first to the last day, both included."""

    model_config = ConfigDict(extra="forbid")

    name: str = "Holiday"
    first: date
    last: date


class Switches(BaseModel):
    """`version` below 1.9 knows no idempotency key, no status filter and no subResourceId."""

    model_config = ConfigDict(extra="forbid")

    version: Literal["1.8.4", "1.10.1"] = "1.10.1"
    #: Tasks that wait for a checker: DISBURSE_LOAN, REPAYMENT_LOAN, …
    maker_checker: list[str] = Field(default_factory=list)
    #: None: the feature is off and today is the date of `zone`.
    business_date: date | None = None
    zone: str = "Africa/Nairobi"
    holidays: list[Holiday] = Field(default_factory=list)
    working_days: str = "MO,TU,WE,TH,FR,SA,SU"
    allow_holiday: bool = False
    allow_non_working_day: bool = False
    #: Seconds a command runs before it commits; the same key is answered 425 meanwhile.
    command_seconds: NonNegativeFloat = 0.0
    hook_shape: Literal["wrapper", "flat"] = "wrapper"
    hook_copies: int = Field(default=1, ge=0, le=5)
    hook_delay_seconds: NonNegativeFloat = 0.0
    #: Each hook is held until the next one has been sent.
    hooks_swapped: bool = False

    @property
    def modern(self) -> bool:
        """Whether this is 1.9 or later."""
        return self.version != "1.8.4"

    def today(self) -> date:
        """The tenant's own date."""
        return self.business_date or datetime.now(ZoneInfo(self.zone)).date()

    def holiday(self, on: date) -> bool:
        """Whether nothing is booked on that day for a holiday."""
        return not self.allow_holiday and any(h.first <= on <= h.last for h in self.holidays)

    def rests(self, on: date) -> bool:
        """Whether nothing is booked on that day of the week."""
        return not self.allow_non_working_day and _DAYS[on.weekday()] not in self.working_days
