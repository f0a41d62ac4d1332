"""Acknowledgements: the instruction is queued, nothing is paid. Pure; never raises."""

from models.reading import Reading, Reason, Verdict
from providers.mpesa.errors import read_failure, said
from providers.readings import about_no_money
from providers.wire import Fields, masked, text

#: Spellings of the conversation id: theirs is missing an n in the registration answer.
_ORIGINATOR = ("OriginatorConversationID", "OriginatorCoversationID")


def read_ack(body: bytes, http_status: int = 200) -> Reading:
    """The answer to an STK push or a B2C instruction."""
    return said(body, http_status, _queued) or read_failure(body, http_status)


def read_register_ack(body: bytes, http_status: int = 200) -> Reading:
    """The answer to a URL registration: nothing about money, whatever it says."""
    return about_no_money(read_ack(body, http_status))


def originator(answer: Fields) -> str | None:
    """The reference chosen by whoever began the conversation."""
    return next(filter(None, (text(answer.get(name)) for name in _ORIGINATOR)), None)


def _queued(answer: Fields) -> Reading | None:
    code = text(answer.get("ResponseCode"))
    if code is None:
        return None
    accepted = code == "0"
    return Reading(
        verdict=Verdict.PENDING if accepted else Verdict.UNKNOWN,
        reason=None if accepted else Reason.PROVIDER_ERROR,
        provider_code=code,
        provider_message=masked(answer.get("ResponseDescription")),
        our_reference=originator(answer),
        provider_reference=text(answer.get("CheckoutRequestID"))
        or text(answer.get("ConversationID")),
    )
