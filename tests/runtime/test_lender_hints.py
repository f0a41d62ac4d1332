"""What a lender's hook sets going: a look at a loan, a repayment read back, or nothing."""

import json
from typing import Any

import pytest

from models import ids
from runtime.loan_hints import loan_hint

ROW = {"org_id": ids.uuid7(), "livemode": False, "digest": "d"}


def told(action: str, entity: str = "LOAN", **response: Any) -> bytes:
    body = {"entityName": entity, "actionName": action, "request": {}, "response": response}
    return json.dumps(body).encode()


@pytest.mark.parametrize(
    ("raw", "outcome", "kind"),
    [
        (told("REPAYMENT", loanId=12, resourceId=564), "read back", "repayment-hint"),
        (told("REPAYMENT", loanId=12), "names no repayment", None),
        (told("REPAYMENT"), "names no loan", None),
        (told("APPROVE", loanId=12, resourceId=12), "looked at", "loan-hint"),
        (
            told("DEPOSIT", entity="SAVINGSACCOUNT", savingsId=4, resourceId=9),
            "names no loan",
            None,
        ),
        (b"nonsense", "names no loan", None),
    ],
)
async def test_a_hook_only_says_where_to_look(raw: bytes, outcome: str, kind: str | None) -> None:
    said, start = await loan_hint(ROW, raw)
    assert (said, start and start.kind) == (outcome, kind)
