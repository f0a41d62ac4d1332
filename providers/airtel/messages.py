"""Acknowledgements, enquiries, callbacks and look-ups of Airtel. Pure; never raises.

`success: false` does not mean failed, and "Success." in an acknowledgement does not mean paid.
"""

from collections.abc import Mapping

from models.money_out import Holder
from models.reading import Reading, Reason, Verdict
from providers.airtel import codes
from providers.airtel.envelope import Envelope, meaning, opened, read_error
from providers.names import same_name
from providers.readings import (
    UNREADABLE,
    Meaning,
    about_a_question,
    about_no_money,
    sure_of_amount,
)
from providers.wire import fields, masked, money, parse, text

#: The wallet's currency where none is known.
CURRENCY = "UGX"
_TAKEN = Meaning(Verdict.PENDING)
_UNSURE = Meaning(Verdict.UNKNOWN, Reason.PROVIDER_ERROR)


def read_collect_ack(body: bytes, http_status: int = 200) -> Reading:
    """A push that was taken in; never paid."""
    answer = opened(body, http_status)
    if answer is None:
        return read_error(body, http_status)
    known, state = meaning(answer.code, codes.COLLECTION), _state(answer)
    no = Verdict.REFUSED
    at_odds = state is not None and (state.verdict is no) is not (known.verdict is no)
    if at_odds or answer.code == codes.GENERIC_REFUSAL:
        known = _UNSURE
    return _reading(answer, _TAKEN if known.verdict is Verdict.SETTLED else known)


def read_collect_status(body: bytes, http_status: int = 200, currency: str = CURRENCY) -> Reading:
    """What became of a push."""
    return _asked(body, http_status, codes.COLLECTION, currency)


def read_disburse_ack(body: bytes, http_status: int = 200, currency: str = CURRENCY) -> Reading:
    """A payout: mostly done when it is answered."""
    answer = opened(body, http_status)
    if answer is None:
        return read_error(body, http_status)
    return _reading(answer, _weighed(answer, codes.DISBURSEMENT), currency)


def read_disburse_status(body: bytes, http_status: int = 200, currency: str = CURRENCY) -> Reading:
    """What became of a payout."""
    return _asked(body, http_status, codes.DISBURSEMENT, currency)


def read_refund_ack(body: bytes, http_status: int = 200) -> Reading:
    """A refund: its code says whether it was done, `success` does not."""
    answer = opened(body, http_status)
    if answer is None:
        return read_error(body, http_status)
    if answer.code == codes.GENERIC_REFUSAL:
        return _reading(answer, _UNSURE)
    if _state(answer) is None:
        return _reading(answer, meaning(answer.code, codes.COLLECTION))
    return _reading(answer, _weighed(answer, codes.COLLECTION))


def read_callback(body: bytes, http_status: int = 200) -> Reading:  # noqa: ARG001 - a callback has no status
    """A callback names no amount: the one in its text is anybody's to write."""
    transaction = fields((parse(body) or {}).get("transaction"))
    state = text(transaction.get("status_code"))
    if state is None:
        return UNREADABLE
    known = codes.STATES.get(state, codes.UNLISTED)
    return Reading(
        verdict=known.verdict,
        reason=known.reason,
        provider_code=state,
        provider_message=masked(transaction.get("message")),
        our_reference=text(transaction.get("id")),
        receipt=text(transaction.get("airtel_money_id")),
    )


def read_balance(body: bytes, http_status: int = 200) -> Reading:
    """What the wallet holds: says nothing about any payment."""
    answer = opened(body, http_status)
    if answer is None or not answer.good or "balance" not in answer.data:
        return about_no_money(read_error(body, http_status))
    currency = (text(answer.data.get("currency")) or CURRENCY).upper()
    held = money(answer.data.get("balance"), currency)
    return Reading(verdict=None, amount=held, provider_code=answer.code) if held else UNREADABLE


def read_user(body: bytes, http_status: int = 200) -> Reading:
    """Who holds a wallet: says nothing about any payment, and no name is kept."""
    answer = opened(body, http_status)
    if answer is None:
        return about_no_money(read_error(body, http_status))
    return Reading(verdict=None, provider_code=answer.code)


def holder_in(body: bytes, http_status: int, known_as: str | None) -> Holder:
    """The holder of a wallet, compared with the name we know; nothing where Airtel does not say."""
    answer = opened(body, http_status)
    if answer is None or not answer.good or "is_barred" not in answer.data:
        return Holder()
    words = [text(answer.data.get(part)) for part in ("first_name", "last_name")]
    name = " ".join(word for word in words if word) or None
    return Holder(
        active=text(answer.data.get("is_barred")) == "false",
        name=name,
        matches=same_name(name, known_as),
    )


def _asked(body: bytes, http_status: int, table: Mapping[str, Meaning], currency: str) -> Reading:
    answer = opened(body, http_status)
    if answer is None:
        return about_a_question(read_error(body, http_status))
    known, state = _weighed(answer, table), _state(answer)
    if state is not None:
        over = answer.code == codes.PUSH_TIMED_OUT and state.verdict is Verdict.REFUSED
        return _reading(answer, codes.EXPIRED if over else known, currency)
    bare = _UNSURE if known.verdict is Verdict.SETTLED else known
    reading = _reading(answer, bare, currency)
    return about_a_question(reading) if reading.reason in codes.ABOUT_THE_REQUEST else reading


def _state(answer: Envelope) -> Meaning | None:
    return codes.STATES.get(text(answer.transaction.get("status")) or "")


def _weighed(answer: Envelope, table: Mapping[str, Meaning]) -> Meaning:
    """State and code together: they must not contradict each other where money would be posted."""
    known, state = meaning(answer.code, table), _state(answer)
    if state is None:
        return _UNSURE if answer.code == codes.DONE else known
    if state.verdict is Verdict.SETTLED:
        agrees = answer.code is None or known.verdict is Verdict.SETTLED
        return state if agrees else _UNSURE
    return _refused(state, known, answer.code) if state.verdict is Verdict.REFUSED else state


def _refused(state: Meaning, known: Meaning, code: str | None) -> Meaning:
    """The code says why, where it says so; a failure beside a code that says none is nothing."""
    if code in {None, codes.DONE}:
        return state
    return known if known.verdict is Verdict.REFUSED else _UNSURE


def _reading(answer: Envelope, known: Meaning, currency: str = CURRENCY) -> Reading:
    if not answer.good and known.verdict in codes.ONLY_IF_GOOD:
        known = _UNSURE
    transaction = answer.transaction
    named = (text(transaction.get("currency")) or currency).upper()
    reading = Reading(
        verdict=known.verdict,
        retryable=known.retryable,
        reason=known.reason,
        provider_code=answer.code,
        provider_message=answer.message,
        amount=money(transaction.get("amount"), named),
        our_reference=text(transaction.get("id")),
        receipt=text(transaction.get("airtel_money_id")),
    )
    return sure_of_amount(reading, transaction.get("amount"))
