"""Every code of Safaricom's tables means what MAPPINGS.md says."""

import pytest

from models.reading import Reason, Verdict
from providers.mpesa import errors, results, stk
from tests.providers.sheets.mpesa import answer, error, notice
from tests.providers.sheets.sheet import Wire

S, R, U, P = Verdict.SETTLED, Verdict.REFUSED, Verdict.UNKNOWN, Verdict.PENDING

# code, push callback, push query, payout result, reason of a push
RESULTS = [
    ("0", S, S, S, None),
    ("1", R, R, R, Reason.INSUFFICIENT_FUNDS),
    *[(code, R, R, R, Reason.LIMIT_EXCEEDED) for code in ("2", "3", "4", "8")],
    *[
        (code, R, R, R, Reason.PAYER_NOT_FOUND)
        for code in ("7", "11", "14", "2040", "2051", "SFC_IC0003")
    ],
    ("15", U, U, U, Reason.DUPLICATE),
    ("17", U, U, U, Reason.PROVIDER_ERROR),
    *[(code, R, R, R, Reason.CREDENTIALS) for code in ("18", "8006")],
    *[(code, R, R, R, Reason.CONFIGURATION) for code in ("20", "21", "2028")],
    *[(code, R, R, R, Reason.BAD_REQUEST) for code in ("22", "24", "25", "29")],
    *[(code, U, U, U, Reason.RATE_LIMITED) for code in ("26", "100000000", "100000011")],
    ("1001", R, R, R, Reason.PAYER_BUSY),
    ("1019", R, R, R, Reason.PROMPT_EXPIRED),
    *[(code, U, R, U, Reason.PROVIDER_ERROR) for code in ("1025", "9999")],
    *[(code, R, R, R, Reason.PAYER_CANCELLED) for code in ("1031", "1032")],
    *[(code, U, R, U, Reason.PAYER_UNREACHABLE) for code in ("1036", "1037")],
    ("2001", R, R, R, Reason.WRONG_PIN),
    *[
        (code, R, R, R, Reason.NOT_ALLOWED)
        for code in ("2006", "2007", "2008", "2020", "2026", "2029", "2043")
    ],
    ("2033", U, U, U, Reason.NOT_FOUND),
    *[(code, U, U, U, Reason.PROVIDER_ERROR) for code in ("4242", "100000012", "00", "true")],
]


@pytest.mark.parametrize(("code", "pushed", "asked", "paid_out", "reason"), RESULTS)
def test_a_result_code_means_one_thing_per_operation(
    code: str, pushed: Verdict, asked: Verdict, paid_out: Verdict, reason: Reason | None
) -> None:
    told = stk.read_callback(notice(code, "The service request is processed successfully."))
    query = answer(code)
    found = stk.read_query(query.body, query.status)
    result = results.read_payout(b'{"Result":{"ResultCode":"%s"}}' % code.encode())
    assert (told.verdict, found.verdict, result.verdict) == (pushed, asked, paid_out)
    assert (told.reason, found.reason) == (reason, reason)
    assert told.provider_code == code


@pytest.mark.parametrize("code", [0, 1, 1032, 1037, 2001, 9999, 100000005])
def test_a_code_is_the_same_as_number_and_as_text(code: int) -> None:
    assert stk.read_callback(notice(code)) == stk.read_callback(notice(str(code)))


def test_a_wrong_initiator_is_our_credentials_and_an_unknown_receiver_the_payees() -> None:
    codes = {"2001": Reason.CREDENTIALS, "SFC_IC0003": Reason.PAYEE_NOT_FOUND}
    for code, reason in codes.items():
        body = b'{"Result":{"ResultCode":"%s"}}' % code.encode()
        assert results.read_payout(body).reason is reason


@pytest.mark.parametrize(
    ("code", "verdict", "reason"),
    [
        ("0", S, None),
        ("R000001", R, Reason.DUPLICATE),
        ("R000002", R, Reason.NOT_FOUND),
        ("21", U, Reason.CONFIGURATION),
    ],
)
def test_a_reversal_is_judged_by_its_code_not_by_its_text(
    code: str, verdict: Verdict, reason: Reason | None
) -> None:
    text = b"The service request is processed successfully."
    body = b'{"Result":{"ResultCode":"%s","ResultDesc":"%s"}}' % (code.encode(), text)
    reading = results.read_reversal(body)
    assert (reading.verdict, reading.reason) == (verdict, reason)


PRODUCT = "Error Occurred - Invalid API call as no apiproduct match found"
ERRORS = [
    *[
        (400, code, "Bad Request", R, Reason.BAD_REQUEST, False)
        for code in ("400.002.02", "400.002.05", "400.003.02")
    ],
    *[
        (status, code, "Invalid Access Token", R, Reason.CREDENTIALS, True)
        for status, code in (
            (400, "400.003.01"),
            (401, "401.002.01"),
            (401, "401.003.01"),
            (404, "404.001.03"),
        )
    ],
    (401, "401.003.01", PRODUCT, R, Reason.CONFIGURATION, False),
    (404, "404.001.04", "wrong method", R, Reason.BAD_REQUEST, False),
    (405, "405.001", "Method Not Allowed", R, Reason.BAD_REQUEST, False),
    (404, "404.002.01", "Resource not found", R, Reason.CONFIGURATION, False),
    (404, "404.003.01", "Resource not found", R, Reason.CONFIGURATION, False),
    (500, "500.001.1001", "The transaction is being processed", P, None, False),
    (500, "500.001.1001", "[MerchantValidate] - Wrong credentials", R, Reason.CREDENTIALS, False),
    (500, "500.001.1001", "Merchant does not exist", R, Reason.CONFIGURATION, False),
    (500, "500.001.1001", "Unable to lock subscriber, a ...", R, Reason.PAYER_BUSY, False),
    (500, "500.001.1001", "something new", U, Reason.PROVIDER_ERROR, False),
    (500, "500.002.1001", "Duplicate OriginatorConversationID.", U, Reason.DUPLICATE, False),
    (500, "500.002.1001", "System internal error", U, Reason.PROVIDER_ERROR, False),
    (500, "500.002.1001", "Service is currently under maintenance", U, Reason.MAINTENANCE, False),
    (500, "500.003.1001", "Internal Server Error", U, Reason.PROVIDER_ERROR, False),
    (500, "500.003.1001", "Urls are already registered", U, Reason.DUPLICATE, False),
    (500, "500.003.02", "System is busy", R, Reason.RATE_LIMITED, True),
    (429, "500.003.02", "Spike arrest violation", R, Reason.RATE_LIMITED, True),
    (500, "500.003.03", "Quota violation", R, Reason.RATE_LIMITED, True),
    (429, "new", "slow down", R, Reason.RATE_LIMITED, True),
    (401, "new", "no", R, Reason.CREDENTIALS, False),
    (422, "new", "no", R, Reason.BAD_REQUEST, False),
    (408, "new", "time out", U, Reason.PROVIDER_ERROR, False),
    (503, "new", "processed successfully", U, Reason.PROVIDER_ERROR, False),
    (200, "new", "processed successfully", U, Reason.PROVIDER_ERROR, False),
]


@pytest.mark.parametrize(("status", "code", "text", "verdict", "reason", "again"), ERRORS)
def test_an_error_is_classified_on_status_code_and_message(
    *, status: int, code: str, text: str, verdict: Verdict, reason: Reason | None, again: bool
) -> None:
    wire = error(status, code, text)
    reading = errors.read_error(wire.body, wire.status)
    assert (reading.verdict, reading.reason, reading.retryable) == (verdict, reason, again)
    assert (reading.provider_code, reading.provider_message) == (code, text)
    question = stk.read_query(wire.body, wire.status)
    assert question.verdict is (U if verdict is R else verdict)


def test_a_listed_code_means_the_same_without_its_status() -> None:
    for status, code, text, *_ in ERRORS:
        if code != "new":
            wire = error(status, code, text)
            assert errors.read_error(wire.body) == errors.read_error(wire.body, status)


def test_no_body_at_all_is_a_wrong_key_only_under_400() -> None:
    assert errors.read_error(b"", 400).reason is Reason.CREDENTIALS
    assert errors.read_error(b"", 500).reason is Reason.UNREADABLE
    assert errors.read_error(b"").verdict is Verdict.UNKNOWN


def test_the_gateways_fault_is_an_error_too() -> None:
    body = (
        b'{"fault":{"faultstring":"Invalid API call as no apiproduct match found",'
        b'"detail":{"errorcode":"keymanagement.service.InvalidAPICall"}}}'
    )
    wire = Wire(status=401, body=body)
    reading = errors.read_error(wire.body, wire.status)
    assert (reading.verdict, reading.reason) == (R, Reason.CONFIGURATION)
    assert reading.provider_code == "keymanagement.service.InvalidAPICall"
