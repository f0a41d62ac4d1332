"""Notifications and subscribers of the core API. Pure; never raises."""

from models.reading import Reading, Reason, Verdict
from providers.orange import core
from providers.orange.errors import read_error
from providers.readings import UNREADABLE, about_no_money
from providers.wire import fields, parse, text


def read_notification(body: bytes, http_status: int = 200) -> Reading:  # noqa: ARG001 - a notification has no status
    """The pay token stands on top or under `data`; a status may be missing. Unsigned."""
    said = parse(body) or {}
    data = {**said, **fields(said.get("data"))}
    token = text(data.get("payToken"))
    if token is None:
        return UNREADABLE
    if text(data.get("status")) is None:
        return Reading(verdict=Verdict.UNKNOWN, reason=Reason.NO_ANSWER, provider_reference=token)
    return core.read_data(said, data)


def read_subscriber(body: bytes, http_status: int = 200) -> Reading:
    """Whose number it is: says nothing about money. The name stays out of the reading."""
    data = fields((parse(body) or {}).get("data")) if http_status // 100 == 2 else {}
    if not {"firstName", "lastName"} & data.keys():
        return about_no_money(read_error(body, http_status))
    return Reading(verdict=None)
