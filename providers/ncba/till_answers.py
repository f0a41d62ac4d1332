"""What the till says of a prompt. Pure; never raises.

The question knows no amount, receipt or payer, and asked too early it may say FAILED: money is
proven by the pay bill notice. FAILED is therefore unknown here; two of them, ninety seconds
apart, are the caller's to weigh.
"""

from models.reading import Reading, Reason, Verdict
from providers.ncba.errors import code_in, error_in, is_firewall, read_error, words_in
from providers.readings import UNREADABLE, about_a_question
from providers.wire import masked, parse, text


def read_prompt(body: bytes, http_status: int = 200) -> Reading:
    """StatusCode 0 with a TransactionID: on its way to the phone. A refusal is HTTP 200 too."""
    answer = parse(body) if http_status // 100 == 2 else None
    if not answer or is_firewall(body, http_status):
        return read_error(body, http_status)
    code, handle = code_in(answer), text(answer.get("TransactionID"))
    if code != "0":
        return error_in(answer, http_status)
    if handle is None:
        return UNREADABLE
    return Reading(
        verdict=Verdict.PENDING,
        provider_code=code,
        provider_message=words_in(answer),
        provider_reference=handle,
    )


def read_query(body: bytes, http_status: int = 200) -> Reading:
    """SUCCESS has settled; FAILED may be too early a question."""
    answer = (parse(body) if http_status // 100 == 2 else None) or {}
    status = text(answer.get("status"))
    if status is None or is_firewall(body, http_status):
        return about_a_question(read_error(body, http_status))
    settled, failed = status.upper() == "SUCCESS", status.upper() == "FAILED"
    reason = Reason.DECLINED if failed else Reason.PROVIDER_ERROR
    return Reading(
        verdict=Verdict.SETTLED if settled else Verdict.UNKNOWN,
        reason=None if settled else reason,
        provider_code=status,
        provider_message=masked(answer.get("description")),
    )
