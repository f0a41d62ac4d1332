"""Authorised users on the wire: who may be sent a one-time code."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import StringConstraints

from api.schemas.common import PRINTABLE, Inbound, Outbound

Name = Annotated[str, StringConstraints(min_length=1, max_length=100, pattern=PRINTABLE)]
Phone = Annotated[str, StringConstraints(min_length=4, max_length=40, pattern=PRINTABLE)]
#: Not every address there may be, but every one we would write to.
Email = Annotated[
    str,
    StringConstraints(
        max_length=254, pattern=r"^[A-Za-z0-9._%+-]{1,64}@([A-Za-z0-9-]{1,63}\.)+[A-Za-z]{2,63}$"
    ),
]


class UserRequest(Inbound):
    """A new authorised user. The phone is Kenyan, in any usual spelling."""

    name: Name
    phone: Phone
    email: Email


class UserChange(Inbound):
    """What to change; a member left out stays as it is."""

    name: Name | None = None
    phone: Phone | None = None
    email: Email | None = None
    active: bool | None = None


class UserView(Outbound):
    """An authorised user; phone and e-mail are masked for good."""

    id: str
    object: Literal["authorised_user"] = "authorised_user"
    name: str
    phone: str
    email: str
    active: bool
    livemode: bool
    created_at: datetime
    updated_at: datetime


class UserList(Outbound):
    """Authorised users, the newest first; `next_cursor` is the next `starting_after`."""

    object: Literal["list"] = "list"
    data: list[UserView]
    has_more: bool
    next_cursor: str | None
