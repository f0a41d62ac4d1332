"""The pieces of what may be sent: strict, closed, printable."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, StringConstraints

#: Printable text: no control characters (PostgreSQL takes no NUL, a log no line break).
PRINTABLE = r"^[^\x00-\x1f\x7f]*$"
#: As they come from the wire, and named in the messages only by place.
Reference = Annotated[str, StringConstraints(min_length=1, max_length=64, pattern=PRINTABLE)]
Description = Annotated[str, StringConstraints(max_length=140, pattern=PRINTABLE)]
Url = Annotated[str, StringConstraints(min_length=8, max_length=2048, pattern=r"^[\x21-\x7e]+$")]
MetadataKey = Annotated[str, StringConstraints(min_length=1, max_length=40, pattern=PRINTABLE)]
MetadataValue = Annotated[str, StringConstraints(max_length=500, pattern=PRINTABLE)]
#: Why somebody decides so. What the database would refuse must not reach the saga: it would try
#: to write it for ever.
Words = Annotated[
    str,
    StringConstraints(min_length=3, max_length=500, pattern=PRINTABLE, strip_whitespace=True),
]


class Inbound(BaseModel):
    """What a client may send: nothing that is not named, no silent conversions."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True, frozen=True)


class Outbound(BaseModel):
    """What we answer; described for readers of the API, rendered elsewhere."""

    model_config = ConfigDict(extra="forbid")
