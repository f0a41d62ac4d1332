"""The loans' rows of the authorisation table, and a loan their paths can name."""

import json
from typing import Any

from api.keys import LOANS_READ, LOANS_WRITE, OPERATOR
from models import ids

LOANS = "/v1/loans"
POSTING = {"decision": "post_again", "reason": "the date is open now"}
REVERSAL = {"decision": "undo", "reason": "seen in the portal"}

#: (method, path template) -> (scope, body, status for the owner, for another organisation)
LOAN_ROWS: dict[tuple[str, str], tuple[str, Any, int, int]] = {
    ("GET", LOANS): (LOANS_READ, None, 200, 200),
    ("GET", f"{LOANS}/{{loan}}"): (LOANS_READ, None, 200, 404),
    ("GET", f"{LOANS}/{{loan}}/timeline"): (LOANS_READ, None, 200, 404),
    ("POST", f"{LOANS}/poll"): (LOANS_WRITE, None, 200, 200),
    ("POST", f"{LOANS}/{{loan}}/retry"): (LOANS_WRITE, None, 200, 404),
    ("POST", f"/v1/operator{LOANS[3:]}/{{loan}}/posting"): (OPERATOR, POSTING, 409, 409),
    ("POST", f"/v1/operator{LOANS[3:]}/{{loan}}/reversal"): (OPERATOR, REVERSAL, 409, 409),
}


def a_loan(world: Any, state: str = "failed", *, loan: int = 17, **data: Any) -> str:
    """A disbursement of the world's organisation."""
    made = ids.uuid7()
    shown = {"loan": loan, "account_no": f"{loan:09d}", "tenant": "default", "amount": 950_000}
    world.sql(
        "insert into sagas (id, org_id, livemode, kind, state, claim, amount, currency, data)"
        " values (%s, %s, false, 'loan_disbursement', %s, %s, 950000, 'KES', %s)",
        made,
        world.org,
        state,
        str(made),
        json.dumps({**shown, **data}),
    )
    return ids.shown(ids.LOAN, made)


def named_loan(world: Any, template: str) -> dict[str, str]:
    """What stands in the braces of a loan's path."""
    return {"loan": a_loan(world)} if "{loan}" in template else {}
