"""Every way a float purchase can go: where it ends, what is booked, and what was sent how often."""

from dataclasses import replace

import pytest
from temporalio.client import WorkflowUpdateFailedError
from temporalio.testing import WorkflowEnvironment

from models.float_decisions import DECIDE, FloatWord
from models.float_order import FLOAT, MOVE, RETURN, TRANSFER
from models.reading import Source
from tests.histories.float_endings import FLOAT_ENDINGS, order_of, play
from tests.workflows.float_fakes import AMOUNT, NOT_YET, REFUSED, SHORT_CODE, SHOWN
from tests.workflows.float_harness import Saga, a_decision, a_saga

HELD, RELEASED, CREDITED = "float_approved", "float_hold_released", "float_credited"
TRANSFERRED, SENT_BACK = "float_transfer_confirmed", "float_sent_back"
TAKEN_BACK = "float_taken_back"
BOUGHT = ([HELD, CREDITED], [FLOAT])

FLOAT_LOOKS = [(Source.STATEMENT, SHOWN), (Source.QUERY, SHOWN)]

#: What each ending books, and what leaves: every order once, unless two people said otherwise.
EXPECTED: dict[str, tuple[list[str], list[str]]] = {
    "confirmed_by_callback_and_statement": BOUGHT,
    "confirmed_by_statement_and_balance": BOUGHT,
    "confirmed_although_the_call_timed_out": BOUGHT,
    "transferred_then_bought": ([HELD, TRANSFERRED, CREDITED], [TRANSFER, FLOAT]),
    "transfer_found_on_the_statement": ([HELD, TRANSFERRED, CREDITED], [TRANSFER, FLOAT]),
    "moved_from_working_to_utility": BOUGHT,
    "credited_and_seen_late": BOUGHT,
    "never_seen_but_there": BOUGHT,
    "never_seen_and_in_working": BOUGHT,
    "never_seen_nor_bought": ([HELD, CREDITED, TAKEN_BACK, RELEASED], [FLOAT]),
    "never_seen_and_sent_back": (
        [HELD, TRANSFERRED, CREDITED, TAKEN_BACK, SENT_BACK],
        [TRANSFER, FLOAT, RETURN],
    ),
    "never_seen_and_bought_again": (
        [HELD, TRANSFERRED, CREDITED, TAKEN_BACK, CREDITED],
        [TRANSFER, FLOAT, FLOAT],
    ),
    "left_in_working_then_moved_by_hand": BOUGHT,
    "left_in_working_then_moved_again": BOUGHT,
    "move_unknown_then_moved_by_hand": BOUGHT,
    "code_expired": ([], []),
    "code_sent_again_then_expired": ([], []),
    "code_right_in_the_last_second": BOUGHT,
    "code_guessed_away": ([], []),
    "canceled": ([], []),
    "wallet_fell_after_the_quote": ([], []),
    "transfer_refused": ([HELD, RELEASED], [TRANSFER]),
    "transfer_never_left": ([HELD, RELEASED], [TRANSFER] * 4),
    "transfer_resolved_by_people": ([HELD, RELEASED], [TRANSFER]),
    "refused_before_a_transfer": ([HELD, RELEASED], [FLOAT]),
    "refused_by_callback_and_not_on_the_statement": ([HELD, RELEASED], [FLOAT]),
    "refused_then_sent_back": ([HELD, TRANSFERRED, SENT_BACK], [TRANSFER, FLOAT, RETURN]),
    "refused_then_bought_again": ([HELD, TRANSFERRED, CREDITED], [TRANSFER, FLOAT, FLOAT]),
    "nobody_confirmed_people_did": BOUGHT,
    "nobody_confirmed_people_sent_it_back": (
        [HELD, TRANSFERRED, SENT_BACK],
        [TRANSFER, FLOAT, RETURN],
    ),
    "contradictory_callbacks_left_to_people": BOUGHT,
}


#: Each ending is played once; what was written is looked at as often as needed.
_PLAYED: dict[str, tuple[str, Saga]] = {}


async def played(env: WorkflowEnvironment, name: str) -> tuple[str, Saga]:
    if name not in _PLAYED:
        ending = FLOAT_ENDINGS[name]
        async with a_saga(env.client, order_of(ending)) as saga:
            _PLAYED[name] = await play(saga, ending), saga
    return _PLAYED[name]


@pytest.mark.parametrize("name", FLOAT_ENDINGS)
async def test_each_ending_books_and_sends_what_it_should(
    temporal: WorkflowEnvironment, name: str
) -> None:
    ended, saga = await played(temporal, name)
    posted, sent = EXPECTED[name]
    assert ended == saga.sagas.state == FLOAT_ENDINGS[name].ends
    assert saga.postings == posted
    assert [rail for rail, _ in saga.bank.sent] == sent
    assert saga.released


async def test_two_witnesses_are_named_and_the_partner_is_told(
    temporal: WorkflowEnvironment,
) -> None:
    _, saga = await played(temporal, "confirmed_by_callback_and_statement")
    shown = {name: value for step in saga.sagas.written for name, value in step.shows.items()}
    assert shown["proven_by"] == "callback+statement"
    assert saga.events == [
        "float_purchase.held", "float_purchase.credited", "float_purchase.settled",
    ]  # fmt: skip
    (notice,) = saga.sagas.written[-1].notices
    assert (notice.event, notice.to_phone) == ("float_settled", None)
    assert (notice.facts["total"], notice.facts["balance"]) == ("KES 50,050.00", "KES 49,920.00")


async def test_one_witness_credits_nothing(temporal: WorkflowEnvironment) -> None:
    _, saga = await played(temporal, "confirmed_by_callback_and_statement")
    first = next(step for step in saga.sagas.written if step.evidence)
    assert (first.to, first.posting) == (None, None)
    assert saga.postings == [HELD, CREDITED]


async def test_what_arrived_in_working_is_moved_once(temporal: WorkflowEnvironment) -> None:
    _, saga = await played(temporal, "moved_from_working_to_utility")
    (moved,) = saga.short_code.moved
    assert (moved.amount, moved.to_short_code) == (AMOUNT, SHORT_CODE)
    assert [intent.rail for intent in saga.fence.opened] == [FLOAT, MOVE]
    assert saga.sagas.written[-1].shows == {"landed": "utility"}


async def test_float_that_shows_up_late_needs_nobody(temporal: WorkflowEnvironment) -> None:
    _, saga = await played(temporal, "credited_and_seen_late")
    assert (saga.cases, saga.sagas.written[-1].shows) == ([], {"landed": "utility"})
    assert not any(step.needs_review for step in saga.sagas.written)


@pytest.mark.parametrize(
    ("name", "case"),
    [
        ("left_in_working_then_moved_by_hand", "float_in_working"),
        ("never_seen_but_there", "float_not_seen"),
    ],
)
async def test_float_out_of_place_waits_for_people_and_nothing_else_is_bought_meanwhile(
    temporal: WorkflowEnvironment, name: str, case: str
) -> None:
    _, saga = await played(temporal, name)
    waits = next(step for step in saga.sagas.written if step.case)
    assert (saga.cases, waits.claims, waits.needs_review) == ([case], True, True)
    assert [notice.event for notice in waits.notices] == []
    last = saga.sagas.written[-1]
    assert (last.shows, last.needs_review) == ({"landed": "utility"}, False)
    assert [notice.event for notice in last.notices] == ["float_settled"]
    (report,) = last.evidence
    assert (report.source, report.reading.provider_message) == (Source.OPERATOR, "statement line 7")


@pytest.mark.parametrize("name", FLOAT_ENDINGS)
async def test_the_short_code_is_given_up_by_the_last_step_and_by_no_other(
    temporal: WorkflowEnvironment, name: str
) -> None:
    _, saga = await played(temporal, name)
    assert all(step.claims for step in saga.sagas.written[:-1])


async def test_what_is_moved_again_is_a_new_instruction(temporal: WorkflowEnvironment) -> None:
    _, saga = await played(temporal, "left_in_working_then_moved_again")
    moves = [intent for intent in saga.fence.opened if intent.rail == MOVE]
    assert [intent.number for intent in moves] == [1, 2]
    assert len({intent.our_reference for intent in moves}) == len(saga.short_code.moved) == 2


async def test_float_that_was_never_bought_is_undone_under_the_number_of_its_order(
    temporal: WorkflowEnvironment,
) -> None:
    _, saga = await played(temporal, "never_seen_and_bought_again")
    told = [step.posting for step in saga.sagas.written if step.posting]
    numbers = [(one.kind, one.order) for one in told if hasattr(one, "order")]
    assert numbers == [(CREDITED, 1), (TAKEN_BACK, 1), (CREDITED, 2)]
    undone = next(step for step in saga.sagas.written if step.closes == "not_bought")
    assert undone.instruct is not None
    assert (undone.instruct.rail, undone.instruct.state) == (FLOAT, "failed")


async def test_a_callback_alone_proves_no_transfer(temporal: WorkflowEnvironment) -> None:
    ending = FLOAT_ENDINGS["transfer_found_on_the_statement"]
    async with a_saga(temporal.client, order_of(ending)) as saga:
        ending.arrange(saga)
        saga.watch.traces = [NOT_YET, NOT_YET, SHOWN]
        await saga.start()
        await saga.requests("verified")
        await saga.reaches("transfer_unknown")
        await saga.says(TRANSFER, SHOWN)
        await saga.ends()
        proof = [step for step in saga.sagas.written if step.to == "purchasing"]
        assert [one.source for step in proof for one in step.evidence] == [Source.STATEMENT]


@pytest.mark.parametrize(
    ("name", "cases", "closes"),
    [
        ("nobody_confirmed_people_did", ["unresolved"], ["succeeded"]),
        ("contradictory_callbacks_left_to_people", ["unresolved"], ["succeeded"]),
        ("refused_then_sent_back", ["float_refused"], ["return"]),
        ("refused_then_bought_again", ["float_refused"], ["retry"]),
        ("transfer_resolved_by_people", ["unresolved"], ["failed"]),
        ("never_seen_but_there", ["float_not_seen"], ["seen"]),
        ("never_seen_and_in_working", ["float_not_seen"], ["seen_in_working"]),
        ("never_seen_nor_bought", ["float_not_seen"], ["not_bought"]),
        (
            "never_seen_and_sent_back",
            ["float_not_seen", "float_refused"],
            ["not_bought", "return"],
        ),
        ("left_in_working_then_moved_by_hand", ["float_in_working"], ["moved"]),
        ("left_in_working_then_moved_again", ["float_in_working"], ["move"]),
        (
            "move_unknown_then_moved_by_hand",
            ["unresolved", "float_in_working"],
            ["failed", "moved"],
        ),
    ],
)
async def test_what_people_decided_stands_with_both_their_names(
    temporal: WorkflowEnvironment, name: str, cases: list[str], closes: list[str]
) -> None:
    _, saga = await played(temporal, name)
    assert saga.cases == cases
    decided = [step for step in saga.sagas.written if step.approver]
    assert [step.closes for step in decided] == closes
    assert {(step.actor, step.approver) for step in decided} == {("op.amina", "op.brian")}


@pytest.mark.parametrize("name", ["transfer_refused", "refused_then_sent_back"])
async def test_the_partner_is_told_what_was_not_bought(
    temporal: WorkflowEnvironment, name: str
) -> None:
    _, saga = await played(temporal, name)
    assert saga.notices == ["float_refused"]


async def test_the_code_is_in_no_history(temporal: WorkflowEnvironment) -> None:
    async with a_saga(temporal.client) as saga:
        saga.watch.looks = list(FLOAT_LOOKS)
        await saga.start()
        await saga.requests("verified")
        await saga.ends()
        assert not any("code" in step.shows for step in saga.sagas.written)
        assert [step.actor for step in saga.sagas.written if step.to == "held"] == ["shop"]


async def test_a_word_after_the_approval_changes_nothing(temporal: WorkflowEnvironment) -> None:
    async with a_saga(temporal.client) as saga:
        saga.watch.looks = list(FLOAT_LOOKS)
        await saga.start()
        await saga.requests("verified")
        await saga.requests("canceled")
        await saga.requests("verified")
        assert await saga.ends() == "settled"
        assert saga.bank.sent[1:] == []


@pytest.mark.parametrize("approver", ["", "op.amina"])
async def test_one_person_alone_decides_nothing(
    temporal: WorkflowEnvironment, approver: str
) -> None:
    async with a_saga(temporal.client, order_of(FLOAT_ENDINGS["refused_then_sent_back"])) as saga:
        saga.bank.purchases = [REFUSED]
        await saga.start()
        await saga.requests("verified")
        await saga.reaches("float_refused")
        alone = replace(a_decision(FloatWord.RETURN), approver=approver)
        with pytest.raises(WorkflowUpdateFailedError):
            await saga.updates(DECIDE, alone)
        await saga.updates(DECIDE, a_decision(FloatWord.RETURN))
        assert await saga.ends() == "returned"
