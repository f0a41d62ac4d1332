"""A notice is believed when user, password and hash are right, and answered as the bank expects."""

import base64
import hashlib
import json
from datetime import UTC, datetime
from xml.sax.saxutils import escape

import pytest

from models.banking import Channel
from models.money import Money
from models.reading import Reason, Verdict
from providers.ncba.hashes import JSON_ORDERS
from providers.ncba.keys import NoticeKeys
from providers.ncba.notices import (
    Distrust,
    Heard,
    answer_json,
    answer_xml,
    hear_json,
    hear_xml,
    read_json,
    read_xml,
)

KEYS = NoticeKeys(user="u", password="pässword", secret="s3cret")
XML = {
    "TransType": "Transfer",
    "TransID": "FT26325ABCDE",
    "TransTime": "2611210905",
    "TransAmount": "1500.00",
    "AccountNr": "7744510018",
    "Narrative": "TU12345678 & co",
    "PhoneNr": "254712000001",
    "CustomerName": "JANE D",
    "Status": "SUCCESS",
}
JSON = {
    "TransType": "Pay Bill",
    "TransID": "TJR678XXXX",
    "FTRef": "FTC251027NYHH",
    "TransTime": "20251027180517",
    "TransAmount": "4.0",
    "BusinessShortCode": "880100",
    "BillRefNumber": "774451",
    "Narrative": "UMOJA",
    "Mobile": "254700000940",
    "name": "JOHN SAMPLE",
}
GUIDE = (
    "TransType", "TransID", "TransTime", "TransAmount", "BusinessShortCode", "BillRefNumber",
    "Mobile", "name",
)  # fmt: skip


def hexed(text: str) -> str:
    """base64 of the hex text: 88 letters."""
    return base64.b64encode(hashlib.sha256(text.encode()).hexdigest().encode()).decode()


def raw(text: str) -> str:
    """base64 of the digest: 44 letters."""
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def soap(fields: dict[str, str], *, before: str = "", after: str = "") -> bytes:
    inner = "".join(f"<{name}>{escape(value)}</{name}>" for name, value in fields.items())
    return (
        f'{before}<soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/">'
        "<soapenv:Header/><soapenv:Body><NCBAPaymentNotificationRequest>"
        f"{inner}</NCBAPaymentNotificationRequest></soapenv:Body></soapenv:Envelope>{after}"
    ).encode()


def account_notice(*, made: str | None = None, password: str = "pässword", **changes: str) -> bytes:
    told = {**XML, **changes}
    right = hexed("s3cret" + "".join(told[name] for name in XML))
    head = {"User": "u", "Password": password, "HashVal": right if made is None else made}
    return soap({**head, **told, "FtCrNarration": "any"})


def pay_bill_notice(
    values: tuple[str, ...] = GUIDE,
    *,
    tail: str = "1",
    made: str | None = None,
    password: str = "pässword",
    **changes: object,
) -> bytes:
    told = {**JSON, **changes}
    right = hexed("s3cret" + "".join(str(told[name]) for name in values) + tail)
    proof = {"Username": "u", "Password": password, "Hash": right if made is None else made}
    return json.dumps({**told, **proof}).encode()


def test_an_account_notice_is_heard_with_utc_time_and_its_texts() -> None:
    heard = hear_xml(account_notice(), KEYS)
    assert heard.distrust is None
    assert heard.order == "account"
    notice = heard.notice
    assert notice is not None
    assert (notice.channel, notice.id, notice.account) == (
        Channel.XML,
        "FT26325ABCDE",
        "7744510018",
    )
    assert notice.at == datetime(2026, 11, 21, 6, 5, tzinfo=UTC)
    assert notice.amount == Money(150_000, "KES")
    assert (notice.narrative, notice.name) == ("TU12345678 & co", "JANE D")


def test_a_debit_is_negative_and_moves_nothing_in() -> None:
    heard = hear_xml(account_notice(TransAmount="-1500.00"), KEYS)
    assert heard.notice is not None
    assert heard.notice.amount == Money(-150_000, "KES")
    reading = read_xml(account_notice(TransAmount="-1500.00"))
    assert (reading.verdict, reading.amount) == (None, Money(-150_000, "KES"))


@pytest.mark.parametrize(
    "body",
    [
        account_notice(made=raw("s3cret" + "".join(XML.values()))),
        account_notice(made=hexed("other" + "".join(XML.values()))),
        account_notice(made=hexed("s3cret" + "".join(reversed(XML.values())))),
        account_notice(made=""),
        account_notice(made=hexed("s3cret" + "".join(XML.values())).lower()),
        account_notice(made="é" * 88),
    ],
)
def test_a_wrong_hash_is_refused_the_44_letters_included(body: bytes) -> None:
    heard = hear_xml(body, KEYS)
    assert (heard.notice, heard.distrust) == (None, Distrust.HASH)


def test_a_field_changed_after_hashing_is_refused() -> None:
    body = account_notice().replace(b"<TransAmount>1500.00<", b"<TransAmount>9500.00<")
    assert hear_xml(body, KEYS).distrust is Distrust.HASH


def test_the_wrong_password_is_refused_before_the_hash_counts() -> None:
    assert hear_xml(account_notice(password="p"), KEYS).distrust is Distrust.CREDENTIALS
    assert hear_json(pay_bill_notice(password="p"), KEYS).distrust is Distrust.CREDENTIALS


@pytest.mark.parametrize("missing", ["user", "password", "secret"])
def test_keys_that_are_empty_know_nobody(missing: str) -> None:
    given = {"user": "u", "password": "pässword", "secret": "s3cret", missing: ""}
    told = {"User": given["user"], "Password": given["password"]}
    right = hexed(given["secret"] + "".join(XML.values()))
    body = soap({**told, "HashVal": right, **XML})
    assert hear_xml(body, NoticeKeys(**given)).distrust is Distrust.CREDENTIALS


BOMB = (
    '<!DOCTYPE b [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]>',
    '<!DOCTYPE x SYSTEM "file:///etc/passwd">',
    '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY % p SYSTEM "http://127.0.0.1/">%p;]>',
)


@pytest.mark.parametrize(
    "body",
    [
        *(soap(XML, before=bomb) for bomb in BOMB),
        soap({**XML, "x": "&b;"}, before=BOMB[0]).replace(b"&amp;b;", b"&b;"),
        soap(XML).decode().encode("utf-16"),
        soap(XML, before='<?xml version="1.0" encoding="utf-7"?>').replace(b"JANE", b"\xff\xfe"),
        soap(XML, after="<more/>"),
        soap(XML)[:-20],
        soap(XML).replace(b"<TransID>", b"<TransID>OTHER</TransID><TransID>"),
        soap(XML).replace(b"<soapenv:Header/>", soap(XML)),
        soap({**XML, "Narrative": "x" * 300_000}),
        b"<a>" * 5000,
        b"<NCBAPaymentNotificationRequest>" + b"<a>" * 20 + b"</a>" * 20
        + b"</NCBAPaymentNotificationRequest>",
        b"<html></html>",
        b"{}",
        b"",
    ],
)  # fmt: skip
def test_a_document_that_is_not_one_plain_notice_is_unreadable(body: bytes) -> None:
    assert hear_xml(body, KEYS) == Heard(distrust=Distrust.UNREADABLE)
    reading = read_xml(body)
    assert (reading.verdict, reading.reason) == (Verdict.UNKNOWN, Reason.UNREADABLE)


def test_fields_outside_the_request_are_not_heard() -> None:
    body = account_notice().replace(b"<soapenv:Header/>", b"<h><TransID>OTHER</TransID></h>")
    heard = hear_xml(body, KEYS)
    assert heard.notice is not None
    assert heard.notice.id == "FT26325ABCDE"


@pytest.mark.parametrize(
    "changes",
    [{"TransTime": "261121090500"}, {"TransTime": "2613210905"}, {"TransAmount": "much"},
     {"AccountNr": ""}, {"TransID": " "}],
)  # fmt: skip
def test_a_proven_notice_that_makes_no_sense_is_unreadable(changes: dict[str, str]) -> None:
    assert hear_xml(account_notice(**changes), KEYS).distrust is Distrust.UNREADABLE


def test_a_pay_bill_notice_is_heard_with_the_order_its_hash_was_made_in() -> None:
    heard = hear_json(pay_bill_notice(), KEYS)
    assert heard.order == "base+1"
    notice = heard.notice
    assert notice is not None
    assert (notice.channel, notice.id, notice.bank_reference) == (
        Channel.JSON,
        "TJR678XXXX",
        "FTC251027NYHH",
    )
    assert notice.at == datetime(2025, 10, 27, 15, 5, 17, tzinfo=UTC)
    assert notice.amount == Money(400, "KES")
    assert (notice.narrative, notice.bill_reference) == ("UMOJA", "774451")


@pytest.mark.parametrize("name", JSON_ORDERS)
def test_each_possible_field_order_is_recognised_by_name(name: str) -> None:
    order = JSON_ORDERS[name]
    fields = tuple(one for one in order if not one.startswith("="))
    body = pay_bill_notice(fields, tail="1" if order[-1] == "=1" else "")
    assert hear_json(body, KEYS).order == name


def test_eight_field_orders_are_tried() -> None:
    assert len(set(JSON_ORDERS.values())) == 8


def test_an_amount_is_hashed_as_it_was_written() -> None:
    as_number = pay_bill_notice().replace(b'"TransAmount": "4.0"', b'"TransAmount": 4.0')
    rewritten = pay_bill_notice().replace(b'"TransAmount": "4.0"', b'"TransAmount": "4.00"')
    assert hear_json(as_number, KEYS).distrust is None
    assert hear_json(rewritten, KEYS).distrust is Distrust.HASH


def test_an_empty_core_reference_is_none() -> None:
    heard = hear_json(pay_bill_notice(FTRef=""), KEYS)
    assert heard.notice is not None
    assert heard.notice.bank_reference is None


@pytest.mark.parametrize(
    "made",
    [raw("s3cret" + "".join(JSON[name] for name in GUIDE) + "1"), "0123456789abcdef", ""],
)
def test_a_pay_bill_hash_of_44_or_16_letters_is_refused(made: str) -> None:
    assert hear_json(pay_bill_notice(made=made), KEYS).distrust is Distrust.HASH


@pytest.mark.parametrize(
    "body",
    [b"", b"[]", b"<html>", b"[" * 200_000, b'{"Username":"u","Username":"v"}',
     b'{"Username":"u","Password":"\\ud800"}', b'{"TransAmount":NaN}'],
)  # fmt: skip
def test_a_body_that_is_not_one_plain_object_is_unreadable(body: bytes) -> None:
    assert hear_json(body, KEYS).distrust is Distrust.UNREADABLE
    assert read_json(body).reason is Reason.UNREADABLE


@pytest.mark.parametrize(
    ("status", "verdict"),
    [("SUCCESS", Verdict.SETTLED), ("success", Verdict.SETTLED), ("FAILED", Verdict.UNKNOWN),
     ("", Verdict.UNKNOWN)],
)  # fmt: skip
def test_only_a_successful_credit_has_settled(status: str, verdict: Verdict) -> None:
    reading = read_xml(account_notice(Status=status))
    assert reading.verdict is verdict
    assert (reading.receipt, reading.our_reference) == ("FT26325ABCDE", "TU12345678 & co")


def test_a_pay_bill_credit_has_settled_and_names_what_the_payer_typed() -> None:
    reading = read_json(pay_bill_notice())
    assert (reading.verdict, reading.amount) == (Verdict.SETTLED, Money(400, "KES"))
    assert (reading.our_reference, reading.receipt) == ("UMOJA", "TJR678XXXX")
    assert reading.provider_reference == "FTC251027NYHH"


def test_the_answers_are_what_the_bank_looks_for() -> None:
    good, bad = hear_xml(account_notice(), KEYS), Heard(distrust=Distrust.HASH)
    assert b"<Result>OK</Result>" in answer_xml(good)
    assert b"<Result>OK: Duplicate Notification</Result>" in answer_xml(good, duplicate=True)
    assert b"<Result>FAIL: hash</Result>" in answer_xml(bad)
    assert b"OK" not in answer_xml(bad, duplicate=True)
    assert json.loads(answer_json(good)) == {"ResultCode": "0", "ResultDesc": "Received"}
    assert json.loads(answer_json(bad)) == {"ResultCode": "1", "ResultDesc": "hash"}


def test_a_notice_keeps_phone_and_name_out_of_what_is_printed() -> None:
    shown = repr(hear_xml(account_notice(), KEYS)) + repr(KEYS)
    assert not any(word in shown for word in ("254712000001", "JANE", "s3cret", "pässword"))
