"""The audit of desks: what went well breaks nothing, and each invariant sees its own."""

import dataclasses
import json
from collections.abc import Mapping
from typing import Any

import pytest

from cli.demo.vault.bank import POOL
from cli.sweep.cells import CASE, CREDIT, EXCEPTION, MESSAGE, VICTIMS, Cell
from cli.sweep.desk import cells as desk
from cli.sweep.desk.endings import allowed
from cli.sweep.desk.facts import Facts
from cli.sweep.desk.filed import Filed
from cli.sweep.desk.invariants import audit
from cli.sweep.desk.notices import identity
from models import ids

CASE_ID, PAYMENT, ORG, TOPUP = ids.uuid7(), ids.mint(ids.PAYMENT), ids.mint(ids.ORG), ids.uuid7()
NAME, TOPPED = ids.shown(ids.CASE, CASE_ID), ids.shown(ids.TOPUP, TOPUP)
MINOR, TRUST, WALLET = 3_000_100, f"bank:ncba:{POOL}:trust", f"partner:{ORG}:wallet"
DECIDED = {"state": "decided", "actor": "op.amina", "approver": "op.brian"}


def filed(saga: str, provider: str, fault: str = "paid", **facts: Any) -> Filed:
    cell = Cell(provider=provider, fault=fault, of=saga)
    return Filed(cell=cell, reference="desk-1", minor=MINOR, **facts)


def case(**changes: Any) -> dict[str, Any]:
    row = {"id": CASE_ID, "amount": MINOR, "state": "open", "decision": None, "data": {}}
    return {**row, "actor": None, "approver": None, **changes}


def lines(about: str | None = None, **lies: int) -> list[dict[str, Any]]:
    """Ledger lines of one entry each; a debit is positive."""
    names = {"trust": TRUST, "held": "suspense:ncba", "wallet": WALLET}
    return [
        {"account": names.get(name, name), "minor": minor, "amount": abs(minor), "about": about}
        for name, minor in lies.items()
    ]


def text(channel: str = "sms", **changes: Any) -> dict[str, Any]:
    row = {"about": TOPPED, "channel": channel, "class": "receipt", "state": "submitted"}
    return {**row, "doubts": 0, "provider_ref": "R1", **changes}


def arrived(via: str) -> dict[str, Any]:
    return {"via": via, "text": "Your wallet was credited, receipt FT1."}


NOTICE = {"form": "xml", "body": "<HashVal>aGFzaA==</HashVal><TransID>FT1</TransID>"}
HELD = Facts(
    notices=[NOTICE],
    believed={identity(NOTICE)},
    filed=[filed(CREDIT, desk.XML, subject="FT1", about="FT1")],
    org=ORG,
    cases=[case()],
    lines=lines(trust=MINOR, held=-MINOR),
    bank=[{"minor": MINOR}],
    runs={"bank/ncba/FT1": "COMPLETED"},
)
GIVEN = dataclasses.replace(
    HELD,
    filed=[filed(EXCEPTION, desk.GIVEN, subject=NAME, about="FT1")],
    cases=[case(**DECIDED, decision="credit")],
    lines=[*HELD.lines, *lines(held=MINOR, wallet=-MINOR)],
)
_LATE = {"account": "suspense:mpesa", "amount": MINOR, "about": PAYMENT}
ACCEPTED = Facts(
    filed=[filed(CASE, desk.ACCEPT, subject=NAME, about=PAYMENT)],
    cases=[case(**DECIDED, decision="accept")],
    lines=[{**_LATE, "minor": -MINOR}, {**_LATE, "minor": MINOR}],
    told=[{"step": f"{NAME}/decided", "times": 1}],
    runs={NAME: "COMPLETED"},
)
REFUND_ID = ids.uuid7()
_BACK = ids.shown(ids.REFUND, REFUND_ID)
_CAME = {"account": "suspense:momo", "amount": MINOR, "about": PAYMENT}
_HELD = {"account": "suspense:momo:held", "amount": MINOR, "about": _BACK}
GIVEN_BACK = Facts(
    filed=[filed(CASE, desk.REFUND, subject=NAME, about=PAYMENT)],
    cases=[case(**DECIDED, decision="refund")],
    refunds=[{"id": REFUND_ID, "state": "succeeded", "subject": NAME}],
    lines=[
        {**_CAME, "minor": -MINOR},
        {**_CAME, "about": _BACK, "minor": MINOR},
        {**_HELD, "minor": -MINOR},
        {**_HELD, "minor": MINOR},
    ],
    told=[{"step": f"{NAME}/decided", "times": 1}],
    runs={NAME: "COMPLETED", _BACK: "COMPLETED"},
)
TOLD = Facts(
    filed=[filed(MESSAGE, desk.AIRTOUCH, subject=TOPPED, about="FT1")],
    messages=[text(), text("email")],
    topups=[{"reference": "KT1", "state": "credited"}],
    inbox=[arrived("airtouch"), arrived("smtp")],
)


def broken(facts: Facts, **changes: Any) -> set[str]:
    return {one.invariant for one in audit(dataclasses.replace(facts, **changes))}


@pytest.mark.parametrize("well", [HELD, GIVEN, ACCEPTED, GIVEN_BACK, TOLD])
def test_what_went_well_breaks_nothing(well: Facts) -> None:
    assert broken(well) == set()


def test_i3_sees_a_second_case_and_a_decision_of_one_person() -> None:
    assert "I3" in broken(HELD, cases=[case(), case()])
    alone = case(**{**DECIDED, "approver": "op.amina"}, decision="credit")
    assert broken(GIVEN, cases=[alone]) == {"I3"}


def test_i3_sees_a_decision_told_twice_or_never() -> None:
    assert broken(ACCEPTED, told=[{"step": f"{NAME}/decided", "times": 2}]) == {"I3"}
    assert broken(ACCEPTED, told=[]) == {"I3"}


def test_i3_sees_a_forged_notice_that_was_believed_and_a_signed_one_that_was_not() -> None:
    wrongly = [filed(CREDIT, desk.XML, desk.FORGED, subject="FT1", about="FT1")]
    assert broken(HELD, filed=wrongly, believed=set()) == set()
    assert broken(HELD, filed=wrongly) == {"I3 believed"}
    assert broken(HELD, filed=wrongly, believed=set(), notices=[]) == {"I3 believed"}
    by_pay_bill = {"form": "json", "body": json.dumps({"Hash": "aGFzaA==", "FTRef": "FT1"})}
    assert broken(HELD, notices=[NOTICE, by_pay_bill]) == {"I3 believed"}


def test_i4_sees_money_at_the_bank_that_is_booked_nowhere_or_twice() -> None:
    assert "I4" in broken(HELD, lines=[])
    assert "I4" in broken(HELD, lines=[*HELD.lines, *HELD.lines])


def test_i4_sees_suspense_that_is_drained_by_more_or_less_than_decided() -> None:
    assert broken(GIVEN, lines=[*GIVEN.lines, *lines(held=MINOR)]) == {"I4 suspense"}
    assert broken(GIVEN, lines=HELD.lines) == {"I4 suspense"}
    assert broken(ACCEPTED, lines=ACCEPTED.lines[:1]) == {"I4 suspense"}


def test_i4_sees_money_that_is_set_aside_for_a_payer_and_stays_there() -> None:
    assert broken(GIVEN_BACK, lines=GIVEN_BACK.lines[:3]) == {"I4 suspense"}


def test_i5_sees_a_second_refund_one_that_did_not_end_and_one_nobody_decided() -> None:
    (one,) = GIVEN_BACK.refunds
    for refunds in ([one, one], [], [{**one, "state": "processing"}]):
        assert "I5 given back" in broken(GIVEN_BACK, refunds=refunds)
    assert "I5 given back" in broken(ACCEPTED, refunds=[one])


def test_i5_sees_a_message_that_comes_more_often_than_it_was_doubted() -> None:
    twice = [arrived("airtouch"), *TOLD.inbox]
    assert broken(TOLD, inbox=twice) == {"I5"}
    assert broken(TOLD, inbox=twice, messages=[text(doubts=1), text("email")]) == set()
    thrice = [arrived("airtouch"), *twice]
    assert broken(TOLD, inbox=thrice, messages=[text(doubts=2), text("email")]) == {"I5"}


def test_i5_sees_a_message_that_went_and_came_to_nobody() -> None:
    assert broken(TOLD, inbox=TOLD.inbox[1:]) == {"I5"}


def test_i6_sees_what_nobody_decided_and_money_that_waits_beside_its_message() -> None:
    assert "I6" in broken(GIVEN, cases=[case()])
    assert broken(TOLD, topups=[{"reference": "KT1", "state": "announced"}]) == {"I6"}


def test_i10_sees_a_message_that_waits_and_one_told_twice() -> None:
    assert "I10" in broken(TOLD, messages=[text(), text("email", state="sending")])
    assert broken(TOLD, messages=[text(), text(), text("email")]) == {"I10"}


@pytest.mark.parametrize(
    "left", [{"waiting": [{"says": "a credit waits"}]}, {"runs": {"bank/ncba/FT1": "RUNNING"}}]
)
def test_i11_sees_what_waits_and_what_runs_on(left: Mapping[str, Any]) -> None:
    assert broken(HELD, **left) == {"I11"}


def test_every_point_of_a_desk_meets_every_victim_and_runs_alone() -> None:
    points = sum(len(points) for points in desk.POINTS.values())
    assert len(desk.kills()) == points * len(VICTIMS)
    assert all(cell.alone and cell.desk for cell in (*desk.kills(), *desk.faults()))


def test_a_kill_around_a_text_waits_for_the_gateway_it_names() -> None:
    sends = [cell for cell in desk.kills() if cell.saga == MESSAGE and "send" in cell.moment]
    assert len(sends) == 4 * len(VICTIMS)
    assert all(cell.provider in cell.moment.split(".") for cell in sends)


def test_two_pairs_at_once_may_end_either_way_and_one_pair_only_as_it_said() -> None:
    ends = {(cell.saga, cell.fault): allowed(cell) for cell in desk.faults()}
    assert ends[CASE, desk.AT_ONCE] == {"accept", "refund"}
    assert ends[EXCEPTION, desk.AT_ONCE] == {"credit", "refunded"}
    said = {allowed(cell) for cell in desk.kills() if cell.saga == EXCEPTION}
    assert said == {frozenset({"credit"}), frozenset({"refunded"})}
