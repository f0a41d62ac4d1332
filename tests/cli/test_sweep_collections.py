"""Collections in the sweep: every point is tried, and each invariant sees its own."""

import dataclasses
from typing import Any

import pytest

from cli.sweep import cells
from cli.sweep.cells import COLLECTION, Cell
from cli.sweep.vault import collection_cells as tried
from cli.sweep.vault.collection_endings import allowed
from cli.sweep.vault.collection_invariants import strangers
from cli.sweep.vault.facts import Facts
from cli.sweep.vault.invariants import audit
from models import ids

#: They hold nothing of what M-Pesa answers.
_OTHERS = {"api", "temporal"}
PAID, RUNG = ids.uuid7(), ids.uuid7()
NAME = ids.shown(ids.COLLECTION, PAID)
MENU = {"receipt": "TKL1", "amount_minor": 1_000, "state": "completed"}
PUSHED = {"receipt": "TKL2", "amount_minor": 700, "our_reference": "KABC"}
LINE = {
    "tenant": "default",
    "loan_id": 7,
    "kind": "repayment",
    "amount_minor": 1_000,
    "external_id": "TKL1",
    "reversed": False,
}
CASE = {"saga_id": PAID, "kind": "unmatched_collection"}
TOLD = {"about": NAME, "event": "repayment_posted", "state": "delivered", "doubts": 0, "tries": 1}
TEXT = {"text": "We received KES 10.00, receipt TKL1, for account 000000007."}
CLAIM = {"id": PAID, "receipt": "TKL1"}
PATH = ("received", "matched", "posting", "posted")
HELD = ("received", "suspense")


def mpesa(*menu: dict[str, Any], pushed: tuple[dict[str, Any], ...] = ()) -> dict[str, Any]:
    times = {one["our_reference"]: 1 for one in pushed}
    code = {"instructions": [], "collections": list(menu)}
    return {"times": times, "debits": list(pushed), "organisations": {"600223": code}}


def moves(*states: str) -> list[dict[str, Any]]:
    steps = zip((None, *states), states, strict=False)
    return [{"object_id": PAID, "from_state": old, "to_state": new} for old, new in steps]


def saga(**changes: Any) -> dict[str, Any]:
    row: dict[str, Any] = {
        "id": PAID,
        "kind": "c2b_receipt",
        "state": "posted",
        "needs_review": False,
        "reference": None,
        "data": {"receipt": "TKL1", "received": 1_000},
    }
    return {**row, **changes}


def booked(minor: int = 1_000) -> dict[str, Any]:
    return {"id": "e", "about": NAME, "account": "partner:org_1:paybill", "minor": minor}


WELL = Facts(
    sagas=[saga()],
    bookings=[booked()],
    transitions=moves(*PATH),
    starts=[{"id": NAME, "started_at": "now"}],
    runs={NAME: "COMPLETED"},
    messages=[TOLD],
    texts=[TEXT],
    claims=[CLAIM],
    mpesa=mpesa(MENU),
    mifos={"transactions": [LINE]},
    bank={"lines": []},
)
SUSPENDED = dataclasses.replace(
    WELL,
    sagas=[saga(state="suspense", needs_review=True)],
    transitions=moves(*HELD),
    runs={NAME: "RUNNING"},
    cases=[CASE],
    messages=[],
    texts=[],
    mifos={"transactions": []},
)


def broken(facts: Facts = WELL, **changes: Any) -> set[str]:
    return {one.invariant for one in audit(dataclasses.replace(facts, **changes))}


def lost(facts: Facts = WELL, **changes: Any) -> list[str]:
    return [one.says for one in strangers(dataclasses.replace(facts, **changes))]


def test_every_fault_point_of_collections_meets_every_victim() -> None:
    points = sum(len(points) for points in tried.POINTS.values())
    assert len(tried.kills()) == points * len(cells.VICTIMS)


def test_every_cell_of_collections_has_a_name_of_its_own() -> None:
    everything = [*tried.kills(), *tried.faults()]
    assert len({cell.name for cell in everything}) == len(everything)
    assert all(cell.vault and cell.saga == COLLECTION for cell in everything)


def ends(fault: str, provider: str = tried.STK) -> set[str]:
    return set(allowed(Cell(provider=provider, fault=fault, of=COLLECTION)))


def test_what_was_paid_after_the_phone_rang_is_posted_whatever_is_answered() -> None:
    answered = ("paid", "no_callback", "lost_answer", "slow_to_appear", "wrong_amount")
    assert all(ends(fault) == {"posted"} for fault in answered)
    assert ends("declined") == ends("forged_callback") == {"failed"}


def test_only_a_phone_without_a_handle_or_a_word_is_left_to_people() -> None:
    doubted = {cell.fault for cell in tried.faults() if allowed(cell) == {"needs_review"}}
    no_word = {"pending_for_ever", "not_received", "server_error_storm"}
    assert doubted >= no_word
    assert ends(tried.UNMATCHED, tried.PAYBILL) == {"needs_review"}
    rung = {cell.fault for cell in tried.faults() if cell.provider == tried.STK}
    assert doubted & rung - no_word == {"forged_callback"}


def test_a_kill_is_excused_only_between_the_fence_and_the_acknowledgement() -> None:
    excused = {
        cell.moment
        for cell in tried.kills()
        if cell.provider == tried.STK and "needs_review" in allowed(cell)
    }
    ring = {f"collection.ring.{side}" for side in ("fence.before", "before", "after")}
    assert excused == ring
    others = [cell for cell in tried.kills() if cell.moment in ring and cell.victim in _OTHERS]
    assert all(allowed(cell) == {"posted"} for cell in others)


@pytest.mark.parametrize("facts", [WELL, SUSPENDED])
def test_what_went_well_breaks_nothing(facts: Facts) -> None:
    assert (broken(facts), lost(facts)) == (set(), [])


def test_i4_sees_money_that_nobody_booked_and_a_booking_nobody_paid() -> None:
    assert broken(bookings=[]) == {"I4"}
    assert broken(mpesa=mpesa()) == {"I4"}
    assert broken(bookings=[booked(900)]) == {"I4"}


def test_i4_counts_money_that_was_taken_back_as_none() -> None:
    back = dataclasses.replace(
        WELL,
        sagas=[saga(state="reversed")],
        transitions=moves(*PATH, "reversed"),
        bookings=[booked(), booked(-1_000)],
        mpesa=mpesa({**MENU, "state": "reversed"}),
        mifos={"transactions": [{**LINE, "reversed": True}]},
    )
    assert broken(back) == set()
    assert broken(back, mifos={"transactions": [LINE]}) == {"I4 repaid"}


def test_i4_leaves_money_of_a_prompt_to_the_collection_that_claims_its_receipt() -> None:
    rung = [{"saga_id": PAID, "our_reference": "KABC"}]
    asked = dataclasses.replace(
        WELL,
        sagas=[saga(data={"receipt": "KABC", "received": 700})],
        claims=[{"id": PAID, "receipt": "KABC"}],
        bookings=[booked(700)],
        rung=rung,
        mpesa=mpesa(pushed=(PUSHED,)),
        mifos={"transactions": [{**LINE, "external_id": "KABC", "amount_minor": 700}]},
        texts=[{"text": "We received KES 7.00, receipt KABC."}],
    )
    assert broken(asked) == set()
    assert broken(asked, claims=[{"id": RUNG, "receipt": "TKL2"}]) == {"I4"}


def test_i4_sees_a_lender_that_booked_otherwise() -> None:
    assert broken(mifos={"transactions": []}) == {"I4 repaid"}
    assert broken(mifos={"transactions": [{**LINE, "amount_minor": 900}]}) == {"I4 repaid"}
    assert broken(SUSPENDED, mifos={"transactions": [LINE]}) == {"I4 repaid"}


def test_i4_leaves_money_m_pesa_does_not_confirm_to_people() -> None:
    held = saga(state="suspense", needs_review=True, data={"receipt": "TKL1", "received": 1_000})
    forged = dataclasses.replace(
        SUSPENDED,
        sagas=[{**held, "data": {**held["data"], "why": "no_such_receipt"}}],
        cases=[{**CASE, "kind": "collection_not_confirmed"}],
        mpesa=mpesa(),
    )
    assert broken(forged) == set()
    assert broken(forged, sagas=[held]) == {"I4"}


def test_i5_sees_a_repayment_that_stands_twice() -> None:
    assert broken(mifos={"transactions": [LINE, LINE]}) == {"I4 repaid", "I5"}


def test_i6_sees_money_in_suspense_that_nobody_is_asked_about() -> None:
    assert broken(SUSPENDED, cases=[]) == {"I6 suspense"}
    assert broken(SUSPENDED, cases=[CASE, CASE]) == {"I6 suspense"}


def test_i10_sees_a_client_who_was_told_twice_or_never() -> None:
    assert broken(messages=[]) == {"I10"}
    assert broken(messages=[TOLD, TOLD]) == {"I10"}
    assert broken(texts=[]) == {"I10"}
    assert broken(texts=[TEXT, TEXT]) == {"I10"}
    assert broken(texts=[TEXT, {"text": "Payment TKL1 waits in suspense"}]) == set()
    assert broken(messages=[{**TOLD, "state": "queued", "tries": 0}], texts=[]) == {"I10"}


def test_i10_lets_a_text_come_again_where_the_first_was_in_doubt() -> None:
    assert broken(messages=[{**TOLD, "doubts": 1}], texts=[TEXT, TEXT]) == set()
    parked = {**TOLD, "state": "queued", "tries": 1}
    assert broken(messages=[parked], texts=[]) == set()


def test_a_payment_nobody_knows_of_and_a_posting_of_nobody_are_strangers() -> None:
    assert lost(claims=[], mifos={"transactions": []}) == [
        "TKL1 was paid, and we do not know of it"
    ]
    strange = {**LINE, "external_id": "TKL9"}
    assert lost(mifos={"transactions": [LINE, strange]}) == [
        "TKL9 stands in the lender's books, and is nobody's"
    ]
