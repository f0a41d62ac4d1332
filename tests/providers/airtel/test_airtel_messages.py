"""Airtel's messages: HTTP 200 good or bad, codes decide, states confirm."""

import pytest

from models.reading import Reading, Reason, Verdict
from providers.airtel.envelope import read_error
from providers.airtel.messages import (
    read_balance,
    read_callback,
    read_collect_ack,
    read_collect_status,
    read_disburse_ack,
    read_disburse_status,
    read_refund_ack,
    read_user,
)
from providers.contract import Decodes
from tests.providers.sheets.airtel import (
    OURS,
    RECEIPT,
    ack,
    enquiry,
    envelope,
    notice,
    oauth,
    payout,
    router,
)
from tests.providers.sheets.sheet import Wire

P, S, R, U = Verdict.PENDING, Verdict.SETTLED, Verdict.REFUSED, Verdict.UNKNOWN


def test_a_paid_enquiry_gives_reference_and_receipt_and_no_amount() -> None:
    assert read_collect_status(enquiry("TS").body) == Reading(
        verdict=S,
        provider_code="DP00800001001",
        provider_message="said",
        our_reference=OURS,
        receipt=RECEIPT,
    )


@pytest.mark.parametrize(
    ("code", "verdict", "reason"),
    [
        ("DP00800001000", U, Reason.PROVIDER_ERROR),
        ("DP00800001001", P, None),
        ("DP00800001002", R, Reason.WRONG_PIN),
        ("DP00800001003", R, Reason.LIMIT_EXCEEDED),
        ("DP00800001004", R, Reason.BAD_REQUEST),
        ("DP00800001005", R, Reason.PROMPT_EXPIRED),
        ("DP00800001006", P, None),
        ("DP00800001007", R, Reason.INSUFFICIENT_FUNDS),
        ("DP00800001008", R, Reason.DECLINED),
        ("DP00800001009", U, Reason.PROVIDER_ERROR),
        ("DP00800001010", R, Reason.NOT_ALLOWED),
        ("DP00800001024", U, Reason.NO_ANSWER),
        ("DP00800001025", U, Reason.NOT_FOUND),
        ("DP00800001026", R, Reason.CONFIGURATION),
        ("DP00800001029", R, Reason.PROMPT_EXPIRED),
        ("DP00800009999", U, Reason.PROVIDER_ERROR),
    ],
)
def test_an_acknowledgement_is_read_by_its_code_alone(
    code: str, verdict: Verdict, reason: Reason | None
) -> None:
    for success in (True, False):
        reading = read_collect_ack(ack(code, success=success).body)
        assert (reading.verdict, reading.reason, reading.provider_code) == (verdict, reason, code)


def test_the_older_code_counts_only_where_the_newer_is_missing() -> None:
    older = read_collect_ack(ack("", result_code="ESB000010").body)
    both = read_collect_ack(ack("DP00800001008", result_code="ESB000010").body)
    odd = read_collect_ack(ack("", result_code="ESB000033").body)
    assert [one.verdict for one in (older, both, odd)] == [P, R, U]


@pytest.mark.parametrize(
    ("state", "code", "verdict", "reason"),
    [
        ("TS", "DP00800001001", S, None),
        ("TS", "ESB000010", S, None),
        ("TS", "DP00800001000", U, Reason.PROVIDER_ERROR),
        ("TS", "DP00800001008", U, Reason.PROVIDER_ERROR),
        ("TF", "DP00800001002", R, Reason.WRONG_PIN),
        ("TF", "DP00800001024", R, Reason.PROMPT_EXPIRED),
        ("TF", "ESB000010", R, Reason.DECLINED),
        ("TF", "", R, Reason.DECLINED),
        ("TF", "DP00800001000", U, Reason.PROVIDER_ERROR),
        ("TF", "DP00800001006", U, Reason.PROVIDER_ERROR),
        ("TF", "DP00800001025", U, Reason.PROVIDER_ERROR),
        ("TF", "DP00800009999", U, Reason.PROVIDER_ERROR),
        ("TE", "DP00800001006", U, Reason.PROVIDER_ERROR),
        ("TS", "DP00800001006", U, Reason.PROVIDER_ERROR),
        ("TF", "DP00800001001", U, Reason.PROVIDER_ERROR),
        ("TIP", "DP00800001006", P, None),
        ("TA", "DP00800001000", U, Reason.PROVIDER_ERROR),
        ("TE", "DP00800001029", R, Reason.PROMPT_EXPIRED),
        ("", "DP00800001001", U, Reason.PROVIDER_ERROR),
        ("", "DP00800001007", R, Reason.INSUFFICIENT_FUNDS),
        ("", "DP00800001026", U, Reason.CONFIGURATION),
        ("", "ROUTER110", U, Reason.CONFIGURATION),
    ],
)
def test_an_enquiry_is_read_by_state_and_code_together(
    state: str, code: str, verdict: Verdict, reason: Reason | None
) -> None:
    reading = read_collect_status(enquiry(state, code).body)
    assert (reading.verdict, reading.reason) == (verdict, reason)


@pytest.mark.parametrize(
    ("code", "verdict", "reason"),
    [
        ("DP00900001000", U, Reason.PROVIDER_ERROR),
        ("DP00900001001", S, None),
        ("DP00900001003", R, Reason.LIMIT_EXCEEDED),
        ("DP00900001004", R, Reason.LIMIT_EXCEEDED),
        ("DP00900001005", R, Reason.DECLINED),
        ("DP00900001006", P, None),
        ("DP00900001007", R, Reason.INSUFFICIENT_FUNDS),
        ("DP00900001009", R, Reason.PAYEE_NOT_FOUND),
        ("DP00900001010", R, Reason.CONFIGURATION),
        ("DP00900001011", U, Reason.DUPLICATE),
        ("DP00900001012", R, Reason.PAYEE_NOT_FOUND),
        ("DP00900001014", U, Reason.NO_ANSWER),
        ("DP00900001015", U, Reason.NOT_FOUND),
        ("DP00900001017", U, Reason.DUPLICATE),
        ("DP00800001001", U, Reason.PROVIDER_ERROR),
    ],
)
def test_a_payout_is_read_by_its_code(code: str, verdict: Verdict, reason: Reason | None) -> None:
    reading = read_disburse_ack(envelope(code).body)
    assert (reading.verdict, reading.reason) == (verdict, reason)


@pytest.mark.parametrize("code", ["1000", "1006", "1011", "1014", "1015", "1017", "9999"])
def test_a_failure_beside_a_code_that_is_unsure_refuses_no_payout(code: str) -> None:
    for read in (read_disburse_ack, read_disburse_status):
        reading = read(payout("TF", f"DP0090000{code}").body)
        assert (reading.verdict, reading.reason) == (U, Reason.PROVIDER_ERROR)


@pytest.mark.parametrize("code", ["DP00800001000", "DP00800001006", "DP00800001024"])
def test_a_failure_beside_a_code_that_is_unsure_refuses_no_refund(code: str) -> None:
    assert read_refund_ack(envelope(code, {"status": "TF"}).body).verdict is U


@pytest.mark.parametrize("transaction", [None, {"status": "FAILED"}, {"status": "TF"}])
def test_a_refusal_without_a_reason_refuses_no_refund(transaction: object) -> None:
    assert read_refund_ack(envelope("DP00800001009", transaction).body).verdict is U


@pytest.mark.parametrize("state", ["TS", "TIP", "TA"])
def test_a_push_that_is_refused_and_under_way_at_once_is_unknown(state: str) -> None:
    said = envelope("DP00800001008", {"id": OURS, "status": state})
    assert read_collect_ack(said.body).verdict is U


@pytest.mark.parametrize("state", ["TF", "TE"])
def test_a_push_that_failed_although_its_code_is_unsure_is_unknown(state: str) -> None:
    said = envelope("DP00800001006", {"id": OURS, "status": state})
    assert read_collect_ack(said.body).verdict is U


def test_a_payout_answered_or_asked_for_gives_its_receipt() -> None:
    for read in (read_disburse_ack, read_disburse_status):
        reading = read(payout("TS").body)
        assert (reading.verdict, reading.receipt) == (S, "disburs-6EJL6CWF1D")


def test_a_refund_is_read_by_its_code_whatever_success_says() -> None:
    done = envelope("DP00800001001", {"status": "SUCCESS"}, success=False)
    assert read_refund_ack(done.body).verdict is S
    assert read_refund_ack(envelope("DP00800001000", success=True).body).verdict is U
    assert read_refund_ack(envelope("DP00800001001", {"status": "TF"}).body).verdict is U


@pytest.mark.parametrize(("state", "verdict"), [("TS", S), ("TF", R), ("TIP", P), ("TA", U)])
def test_a_callback_never_names_an_amount(state: str, verdict: Verdict) -> None:
    reading = read_callback(notice(state))
    assert (reading.verdict, reading.amount) == (verdict, None)
    assert (reading.our_reference, reading.receipt) == (OURS, "MP210603.1234.L06941")


@pytest.mark.parametrize(
    ("wire", "verdict", "reason", "retryable"),
    [
        (oauth(403, "invalid_token"), R, Reason.CREDENTIALS, True),
        (oauth(401, "invalid_client"), R, Reason.CREDENTIALS, False),
        (oauth(403, "odd"), R, Reason.CONFIGURATION, False),
        (oauth(404, "odd"), U, Reason.CONFIGURATION, False),
        (router("DP00800001025", 404), U, Reason.NOT_FOUND, False),
        (router("ROUTER006"), R, Reason.CONFIGURATION, False),
        (router("ROUTER116"), R, Reason.CREDENTIALS, False),
        (router("ROUTER117"), U, Reason.NO_ANSWER, False),
        (router("ROUTER003"), U, Reason.PROVIDER_ERROR, False),
        (router("ROUTER110", 503), U, Reason.PROVIDER_ERROR, False),
        (router("ROUTER110", 429), R, Reason.RATE_LIMITED, True),
        (envelope("", result_code="ESB000008"), R, Reason.BAD_REQUEST, False),
    ],
)
def test_an_error_is_read_by_status_and_code(
    wire: object, verdict: Verdict, reason: Reason, retryable: bool
) -> None:
    reading = read_error(wire.body, wire.status)  # type: ignore[attr-defined]  # a Wire
    assert (reading.verdict, reading.reason, reading.retryable) == (verdict, reason, retryable)


def test_look_ups_have_no_verdict() -> None:
    barred = envelope("DP02200000001", {"is_barred": True}).body
    assert read_user(barred).verdict is None
    assert read_balance(router("ROUTER110").body, 400).verdict is None


@pytest.mark.parametrize("status", [200, 400, 404, 408, 429, 500])
@pytest.mark.parametrize("code", ["DP00800001001", "DP00800001006", "DP00900001001", "ESB000010"])
def test_an_error_never_says_that_money_moved_or_is_on_its_way(status: int, code: str) -> None:
    for wire in (router(code), envelope(code)):
        assert read_error(wire.body, status).verdict in {R, U}


@pytest.mark.parametrize("status", [400, 404, 409, 422])
@pytest.mark.parametrize(
    ("read", "wire"),
    [
        (read_collect_ack, ack("DP00800001001")),
        (read_collect_status, enquiry("TS")),
        (read_disburse_ack, payout("TS")),
        (read_disburse_ack, envelope("DP00900001001")),
        (read_disburse_status, payout("TS")),
        (read_refund_ack, envelope("DP00800001001")),
        (read_refund_ack, envelope("DP00800001006")),
    ],
)
def test_a_success_in_a_refused_answer_is_unknown(status: int, read: Decodes, wire: Wire) -> None:
    assert read(wire.body, status).verdict is U


@pytest.mark.parametrize("status", [400, 404, 422])
def test_an_envelope_of_any_status_obeys_the_same_rules(status: int) -> None:
    generic = read_collect_ack(ack("DP00800001009").body, status)
    at_odds = read_disburse_ack(payout("TF", "DP00900001006").body, status)
    refused = read_collect_ack(ack("DP00800001007", success=False).body, status)
    assert [one.verdict for one in (generic, at_odds, refused)] == [U, U, R]


@pytest.mark.parametrize("status", [408, 500, 503])
def test_an_envelope_that_gave_up_is_never_a_refusal(status: int) -> None:
    for read in (read_collect_ack, read_disburse_ack, read_refund_ack, read_error):
        assert read(envelope("DP00800001008").body, status).verdict is U
        assert read(envelope("DP00900001005").body, status).verdict is U
        assert read(router("ROUTER110").body, status).verdict is U
