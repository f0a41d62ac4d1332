"""Untrusted JSON: what is not plainly there is not there."""

import json
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.money import Money
from providers.wire import MAX_BODY, listed, masked, money, page, parse, text

#: The same examples everywhere, however busy the machine.
STEADY = settings(deadline=None, derandomize=True)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\xff\xfe\xfa",
        b"{",
        b"[]",
        b"7",
        b'"text"',
        b"null",
        b'{"a":NaN}',
        b'{"a":-Infinity}',
        b'{"a":' + b"9" * 5000 + b"}",
        b'{"a":1e99999999999999999999}',
        b'{"a":"\xe9"}',
        b"[" * 100_000,
        b'{"a":' * 50_000 + b"1" + b"}" * 50_000,
        b'{"code":1,"code":0}',
        b'{"a":"' + b"x" * MAX_BODY + b'"}',
    ],
    ids=lambda body: repr(body[:16]),
)
def test_what_is_not_one_honest_object_is_nothing(body: bytes) -> None:
    assert parse(body) is None


def test_a_key_said_twice_the_same_way_is_said_once() -> None:
    assert parse(b'{"code":0,"code":0}') == {"code": 0}


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (0, "0"),
        (Decimal("0.0"), "0"),
        (Decimal("1032.00"), "1032"),
        (Decimal("1.5"), "1.5"),
        (Decimal("1E+999999"), "1E+999999"),
        (" 7 ", "7"),
        ("", None),
        (None, None),
        ([], None),
        ({}, None),
        (False, "false"),
        ("a\x00b\nc", "a b c"),
        ("\ud800", "?"),
        ("x" * 999, "x" * 255),
    ],
)
def test_a_scalar_has_one_text_form(value: Any, shown: str | None) -> None:
    assert text(value) == shown


@pytest.mark.parametrize(
    ("value", "minor"),
    [
        (5, 500),
        ("5.00", 500),
        (Decimal("5E+2"), 50_000),
        (Decimal("1E+400"), None),
        (Decimal("1E+999999999"), None),
        ("-5", None),
        ("+5", None),
        ("5,00", None),
        ("1_000", None),
        ("\u0665", None),
        (True, None),
        (10**16, None),
    ],
)
def test_an_amount_is_plain_or_nothing(value: Any, minor: int | None) -> None:
    assert money(value, "KES") == (None if minor is None else Money(minor, "KES"))


def test_an_unknown_currency_is_no_money() -> None:
    assert money("5", "QQQ") is None
    assert money("5", None) is None


@pytest.mark.parametrize("value", [None, "x", 3, [1, None, "a"]])
def test_what_holds_no_object_lists_none(value: Any) -> None:
    assert listed(value) == []


def test_one_object_is_a_list_of_one() -> None:
    assert listed({"a": 1}) == listed([{"a": 1}]) == [{"a": 1}]


def test_numbers_people_are_called_on_are_masked() -> None:
    assert masked("call 254712000111 or 12345678 now") == "call *********111 or 12345678 now"


@pytest.mark.parametrize(
    "address",
    ["https://pay.example/c/1?x=2", "http://127.0.0.1:8090/c/1", "http://simulators:8090/c/1"],
)
def test_a_page_a_payer_may_be_sent_to(address: str) -> None:
    assert page(address) == address


@pytest.mark.parametrize(
    "address",
    [
        None,
        7,
        "",
        "pay.example/c/1",
        "http://pay.example/c/1",
        "javascript:alert(1)",
        "https://u:p@pay.example/c/1",
        "https:///c/1",
        "https://[pay/c/1",
        "https://pay.example/c 1",
        "https://pay.example/" + "x" * 2000,
    ],
)
def test_any_other_address_is_none(address: object) -> None:
    assert page(address) is None


@STEADY
@given(st.integers(min_value=0, max_value=10**14))
def test_every_amount_survives_as_number_and_as_text(minor: int) -> None:
    major = Decimal(minor).scaleb(-2)
    as_number = parse(b'{"a":%s}' % str(major).encode()) or {}
    assert money(as_number["a"], "KES") == money(f"{major:f}", "KES") == Money(minor, "KES")


@STEADY
@given(st.text())
def test_text_can_always_be_stored(value: str) -> None:
    shown = text(value) or ""
    assert shown.encode("utf-8") == shown.encode("utf-8", "replace")
    assert "\x00" not in shown


@STEADY
@given(st.recursive(st.none() | st.booleans() | st.integers() | st.text(), st.lists))
def test_nothing_makes_the_readers_raise(value: Any) -> None:
    results = text(value), masked(value), money(value, "KES"), listed(value)
    assert len(results) == 4
    assert parse(json.dumps(value).encode()) is None
