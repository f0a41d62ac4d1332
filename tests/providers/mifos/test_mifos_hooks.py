"""A hook is a wake-up: unsigned, in two shapes, sent for failures too."""

from typing import Any

import pytest

from models.money import Money
from models.reading import Reason, Verdict
from providers.mifos.hooks import read_hint, read_hook
from tests.providers.sheets.mifos import PARKED, booked, wire

BARE = {"officeId": 2, "clientId": 3, "loanId": 9, "resourceId": 9, "changes": {}}


def wrapped(action: str = "APPROVE", **changes: Any) -> dict[str, Any]:
    """A hook since 1.5."""
    told = {
        "entityName": "LOAN",
        "actionName": action,
        "createdByName": "mifos",
        "request": {"locale": "en"},
        "officeId": 2,
        "clientId": 3,
        "response": BARE,
        "timestamp": "2026-11-21T09:00:00Z",
    }
    return told | changes


def test_the_wrapper_names_entity_action_and_loan() -> None:
    hint = read_hint(wire(wrapped()))
    assert hint
    assert (hint.entity, hint.action, hint.failed) == ("LOAN", "APPROVE", False)
    assert (hint.loan_id, hint.client_id, hint.office_id) == (9, 3, 2)


def test_the_bare_shape_takes_its_names_from_the_headers() -> None:
    hint = read_hint(wire(BARE), entity="LOAN", action="APPROVE")
    assert hint
    assert (hint.entity, hint.action, hint.loan_id) == ("LOAN", "APPROVE", 9)
    assert not hint.failed


@pytest.mark.parametrize("response", [None, {}, PARKED | {"resourceId": None}, PARKED])
def test_a_failed_or_parked_command_wakes_us_too_and_says_so(response: object) -> None:
    hint = read_hint(wire(wrapped(response=response)))
    assert hint
    assert hint.failed
    reading = read_hook(wire(wrapped(response=response)))
    assert (reading.verdict, reading.reason) == (None, Reason.DECLINED)


def test_a_repayment_hook_shows_amount_and_receipt_but_no_verdict() -> None:
    told = wrapped("REPAYMENT", response=booked(resourceExternalId="ext"))
    reading = read_hook(wire(told))
    assert reading.verdict is None
    assert (reading.provider_code, reading.provider_reference) == ("LOAN/REPAYMENT", "1")
    assert (reading.amount, reading.receipt) == (Money(1_000_000, "KES"), "TKL3XYZ9AB")
    assert reading.our_reference == "ext"


@pytest.mark.parametrize("body", [b"", b"<html>", b"[]", b"{}", wire({"entityName": "LOAN"})])
def test_what_is_no_hook_is_unreadable(body: bytes) -> None:
    assert read_hint(body) is None
    reading = read_hook(body)
    assert (reading.verdict, reading.reason) == (Verdict.UNKNOWN, Reason.UNREADABLE)
