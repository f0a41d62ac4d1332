"""MTN's messages in the shapes they really come in."""

from typing import Any

import pytest

from models.money import Money
from models.reading import Reading, Reason, Verdict
from providers.momo.provider import PROVIDER
from providers.momo.status import callback_reader, read_ack, read_balance, status_reader
from providers.readings import UNREADABLE
from tests.providers.sheets.momo import ATTEMPT, PAID, SETTINGS, operation

read_status, read_callback = status_reader(), callback_reader()


def test_a_paid_status_gives_amount_reference_and_receipt() -> None:
    assert read_status(PAID) == Reading(
        verdict=Verdict.SETTLED,
        provider_code="SUCCESSFUL",
        amount=Money(1500, "XAF"),
        our_reference=ATTEMPT,
        receipt="23503452",
    )


def test_a_callback_reads_as_the_status_does() -> None:
    assert read_callback(PAID) == read_status(PAID)


@pytest.mark.parametrize(
    ("amount", "currency", "money"),
    [
        (1500, "XAF", Money(1500, "XAF")),
        ("1500.00", "XAF", Money(1500, "XAF")),
        ("15.25", "EUR", Money(1525, "EUR")),
        ("1500", "xaf", Money(1500, "XAF")),
        ("1500", None, Money(1500, "XAF")),
    ],
)
def test_an_amount_may_be_number_or_text_and_the_wallet_names_the_currency(
    amount: Any, currency: Any, money: Money
) -> None:
    assert read_status(operation("SUCCESSFUL", amount=amount, currency=currency)).amount == money


def test_a_wallet_of_another_currency_says_so_where_the_message_does_not() -> None:
    body = operation("SUCCESSFUL", amount="15.25", currency=None)
    assert status_reader("EUR")(body).amount == Money(1525, "EUR")


@pytest.mark.parametrize(
    "changes", [{"amount": "15.5"}, {"amount": "x"}, {"currency": "QQQ"}, {"amount": -1}]
)
def test_a_success_in_money_nobody_can_read_is_not_settled(changes: dict[str, Any]) -> None:
    assert read_status(operation("SUCCESSFUL", **changes)) == UNREADABLE


@pytest.mark.parametrize("value", [None, "", "0", 0, "null"])
def test_a_placeholder_is_no_receipt(value: Any) -> None:
    body = operation("SUCCESSFUL", financialTransactionId=value)
    assert read_status(body).receipt is None


def test_a_receipt_may_be_a_number() -> None:
    assert read_status(operation("SUCCESSFUL", financialTransactionId=23503452)).receipt == (
        "23503452"
    )


@pytest.mark.parametrize("status", ["SUCCESS", "successful", "TIMEOUT", "CREATED"])
def test_a_foreign_status_is_unknown(status: str) -> None:
    reading = read_status(operation(status))
    assert (reading.verdict, reading.reason) == (Verdict.UNKNOWN, Reason.PROVIDER_ERROR)


def test_a_success_under_an_error_status_is_unknown() -> None:
    assert read_status(PAID, 500).verdict is Verdict.UNKNOWN


@pytest.mark.parametrize("body", [b"", b"  ", b"<html>", b"null"])
def test_only_202_accepts_and_its_body_is_not_read(body: bytes) -> None:
    assert read_ack(body, 202) == Reading(verdict=Verdict.PENDING)
    assert read_ack(body, 200) == UNREADABLE


def test_a_balance_says_nothing_about_a_payment() -> None:
    told = read_balance(b'{"availableBalance":"1000","currency":"EUR"}')
    closed = read_balance(b'{"code":"NOT_ALLOWED","message":"no"}', 403)
    assert (told.verdict, told.amount) == (None, Money(100_000, "EUR"))
    assert (closed.verdict, closed.reason) == (None, Reason.NOT_ALLOWED)
    assert read_balance(b"") == UNREADABLE
    assert read_balance(b'{"availableBalance":"much"}') == UNREADABLE


def test_callbacks_come_by_put_or_post_and_are_always_hints() -> None:
    callbacks = PROVIDER.callbacks(SETTINGS)  # type: ignore[misc]  # MTN fills this slot
    assert set(callbacks.methods) == {"PUT", "POST"}
    assert callbacks.hint(read_callback(PAID))
