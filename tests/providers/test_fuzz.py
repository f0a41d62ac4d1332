"""Every reader of every provider takes any bytes and answers with a reading."""

import json
from dataclasses import asdict
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from models.reading import Reading, Verdict
from providers.contract import Decodes
from providers.registry import readers
from tests.providers.sheets import airtel, cards, orange, wave
from tests.providers.sheets.mifos import a_loan, booked, disbursed, line, wire
from tests.providers.sheets.momo import operation
from tests.providers.sheets.mpesa import PAID, ack, answer, notice

READERS = [
    pytest.param(reader, id=f"{sender}-{name}")
    for sender, messages in readers().items()
    for name, reader in messages.items()
]
SAMPLES = (
    notice(0, items=PAID),
    ack().body,
    answer("0").body,
    operation("SUCCESSFUL", financialTransactionId="1"),
    operation("FAILED", reason={"code": "EXPIRED", "message": "late"}),
    b'{"Result":{"ResultCode":0,"ResultParameters":{"ResultParameter":[{"Key":"Amount","Value":1}]}}}',
    airtel.enquiry("TS").body,
    airtel.notice("TS"),
    orange.made().body,
    orange.told("SUCCESS").body,
    orange.core("SUCCESSFULL").body,
    orange.core("FAILED", inittxnstatus="60019").body,
    cards.notice(cards.DECLINED),
    cards.notice(cards.PAID),
    cards.wire(cards.a_session()).body,
    wave.event(wave.PAID),
    wave.wire({"result": [wave.OPEN]}).body,
    wave.wire(wave.a_payout("failed", payout_error={"error_code": "x"})).body,
    wire(disbursed()),
    wire(booked()),
    wire(a_loan(300, line())),
    wire({"entityName": "LOAN", "actionName": "REPAYMENT", "response": booked()}),
    b'{"errorCode":"500.003.02","errorMessage":"System is busy"}',
    b'{"resErrorCode":"000","hdrRefNo":"a","TransactionID":"a","Status":"SUCCESS","Amount":"1"}',
    b'{"TransID":"T","TransTime":"20251027180517","TransAmount":"-4.0","BusinessShortCode":"1"}',
    b'{"transactions":[{"ValueDate":"21112026","CreditDebitFlag":"Debit","DebitAmount":"1.00"}]}',
    b'{"fault":{"faultstring":"no","detail":{"errorcode":"x"}}}',
)
SCALARS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text()
    | st.sampled_from(["0", "\ud800", "\x00", "254712000111", "1e999", 10**40])
)
VALUES = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner)
)
STATUSES = st.integers(100, 599)
#: The same examples everywhere, however busy the machine.
STEADY = settings(deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])


@st.composite
def spoiled(draw: st.DrawFn) -> bytes:
    """A real message with one value anywhere replaced by anything, or cut, or flipped."""
    sample = draw(st.sampled_from(SAMPLES))
    if draw(st.booleans()):
        at = draw(st.integers(0, len(sample) - 1))
        return sample[:at] + draw(st.binary(max_size=3)) + sample[at + draw(st.integers(0, 4)) :]
    document: Any = json.loads(sample)
    spot = document
    while True:
        key = draw(st.sampled_from(list(spot) if isinstance(spot, dict) else range(len(spot))))
        if not spot[key] or not isinstance(spot[key], (dict, list)) or draw(st.booleans()):
            break
        spot = spot[key]
    spot[key] = draw(VALUES)
    return json.dumps(document).encode()


def sound(reading: Reading) -> bool:
    """What holds of every reading whatever was read, and can be stored and printed."""
    json.dumps(asdict(reading), ensure_ascii=False).encode("utf-8")
    retry_only_when_refused = not reading.retryable or reading.verdict is Verdict.REFUSED
    debit_is_no_verdict = (
        reading.verdict is None or reading.amount is None or reading.amount.minor >= 0
    )
    return retry_only_when_refused and debit_is_no_verdict


@pytest.mark.parametrize("reader", READERS)
@STEADY
@given(body=st.binary(max_size=64), status=STATUSES)
def test_any_bytes_are_read(reader: Decodes, body: bytes, status: int) -> None:
    reading = reader(body, status)
    assert sound(reading)
    assert reading.verdict is not Verdict.SETTLED


@pytest.mark.parametrize("reader", READERS)
@STEADY
@given(body=spoiled(), status=STATUSES)
def test_any_spoiled_message_is_read_and_read_the_same_again(
    reader: Decodes, body: bytes, status: int
) -> None:
    reading = reader(body, status)
    assert sound(reading)
    assert reading == reader(body, status)


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize("body", [b"", b"<html>", b'{"Body":', b"[" * 200_000, b"\xff"])
def test_what_cannot_be_read_is_unknown(reader: Decodes, body: bytes) -> None:
    assert reader(body).verdict is Verdict.UNKNOWN
