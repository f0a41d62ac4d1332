"""A refund is set aside before it leaves, leaves once, and comes back where it did not leave."""

from dataclasses import replace

from temporalio.testing import WorkflowEnvironment

from models.approval import ApprovalLook, ApprovalStanding
from models.checkout import OperatorResolution
from models.float_gate import FLOAT_CAME, Gate
from models.money import Money
from models.reading import Reading, Reason, Verdict
from models.refund_order import FUNDS_CAME, Way
from models.refund_postings import RefundPaid, RefundRefused, RefundRequested
from models.saga import RESOLVE
from tests.workflows.harness import NOT_FOUND, TERMS
from tests.workflows.refund_harness import (
    AMOUNT,
    BACK,
    FEE,
    LOST,
    REFUSED,
    TAKEN,
    a_plan,
    a_refund,
    approval,
)
from tests.workflows.waiting import until

PATIENT = replace(TERMS, patience=60.0, ask_every=(60.0,), prompt_lifetime=600.0)
SHORT_HORIZON = replace(TERMS, horizon=0.5, prompt_lifetime=0.2)


async def test_a_refund_is_set_aside_then_given_back_once(temporal: WorkflowEnvironment) -> None:
    async with a_refund(temporal.client) as saga:
        await saga.start()
        assert await saga.ends() == "succeeded"
        assert saga.sagas.states == ["pending", "succeeded"]
        assert saga.postings == ["refund_requested", "refund_paid"]
        assert saga.events == ["refund.succeeded"]
        assert [order.receipt for order in saga.rail.given] == ["P1"]
        assert (saga.told, saga.spent) == ([saga.plan], [True])


async def test_what_is_set_aside_names_fee_and_what_is_paid_names_its_receipt(
    temporal: WorkflowEnvironment,
) -> None:
    async with a_refund(temporal.client) as saga:
        await saga.start()
        await saga.ends()
        asked, paid = (step.posting for step in saga.sagas.written if step.posting)
    assert asked == RefundRequested(refund_id=saga.plan.saga.id, amount=AMOUNT, fee=FEE)
    assert isinstance(paid, RefundPaid)
    assert (paid.out_of, paid.receipt and paid.receipt.number) == (saga.plan.out_of, "R1")


async def test_a_refused_refund_gives_everything_back(temporal: WorkflowEnvironment) -> None:
    async with a_refund(temporal.client) as saga:
        saga.rail.answers = [REFUSED]
        await saga.start()
        assert await saga.ends() == "failed"
        last = saga.sagas.written[-1]
        assert last.posting == RefundRefused(refund_id=saga.plan.saga.id, amount=AMOUNT, fee=FEE)
        assert (last.shows["failure"], saga.told, saga.spent) == ("not_allowed", [], [False])


async def test_a_lost_answer_is_asked_for_and_never_resent(temporal: WorkflowEnvironment) -> None:
    async with a_refund(temporal.client) as saga:
        saga.rail.answers, saga.rail.told = [LOST], [LOST, BACK]
        await saga.start()
        assert await saga.ends() == "succeeded"
        assert (len(saga.rail.given), len(saga.rail.asked)) == (1, 2)
        assert saga.events == ["refund.outcome_unknown", "refund.succeeded"]


async def test_what_was_never_received_is_given_back_again_under_the_same_name(
    temporal: WorkflowEnvironment,
) -> None:
    async with a_refund(temporal.client) as saga:
        saga.rail.answers, saga.rail.told = [LOST, BACK], [NOT_FOUND]
        await saga.start()
        assert await saga.ends() == "succeeded"
        assert {order.id for order in saga.rail.given} == {saga.plan.instruction}


async def test_a_callback_ends_it(temporal: WorkflowEnvironment) -> None:
    async with a_refund(temporal.client, a_plan(terms=PATIENT)) as saga:
        saga.rail.answers = [TAKEN]
        await saga.start()
        await saga.reaches("processing")
        await saga.says(BACK)
        assert await saga.ends() == "succeeded"


async def test_an_unsigned_word_is_asked_about_and_not_believed(
    temporal: WorkflowEnvironment,
) -> None:
    async with a_refund(temporal.client, a_plan(terms=PATIENT)) as saga:
        saga.rail.answers, saga.rail.told = [TAKEN], [REFUSED]
        await saga.start()
        await saga.reaches("processing")
        await saga.says(BACK, hint=True)
        assert await saga.ends() == "failed"
        assert "refund_paid" not in saga.postings


async def test_another_amount_than_asked_is_for_people(temporal: WorkflowEnvironment) -> None:
    other = replace(BACK, amount=Money(3_999, "KES"))
    async with a_refund(temporal.client, a_plan(terms=SHORT_HORIZON)) as saga:
        saga.rail.answers, saga.rail.told = [other], [other]
        await saga.start()
        await saga.reaches("unknown")
        await saga.cased()
        assert saga.cases == ["unresolved"]
        await saga.updates(RESOLVE, _resolved("succeeded"))
        assert await saga.ends() == "succeeded"


async def test_a_rail_that_cannot_be_asked_is_for_people_after_the_horizon(
    temporal: WorkflowEnvironment,
) -> None:
    mute = Reading(verdict=Verdict.UNKNOWN, reason=Reason.NOTHING_TO_ASK_WITH)
    async with a_refund(temporal.client, a_plan(terms=SHORT_HORIZON)) as saga:
        saga.rail.answers, saga.rail.told = [LOST], [mute]
        await saga.start()
        await saga.cased()
        assert (saga.sagas.state, saga.cases) == ("unknown", ["unresolved"])
        await saga.updates(RESOLVE, _resolved("failed"))
        assert await saga.ends() == "failed"
        assert len(saga.rail.given) == 1
        last = saga.sagas.written[-1]
        assert (last.actor, last.approver, last.closes) == ("ann", "ben", "failed")


async def test_a_receipt_that_is_anothers_is_not_booked_and_people_decide(
    temporal: WorkflowEnvironment,
) -> None:
    async with a_refund(temporal.client) as saga:
        saga.sagas.taken = "refund_paid"
        await saga.start()
        await saga.cased()
        assert (saga.cases, saga.postings) == (["contradiction"], ["refund_requested"])
        saga.sagas.taken = None
        await saga.updates(RESOLVE, _resolved("succeeded"))
        assert await saga.ends() == "succeeded"
        paid = saga.sagas.written[-1].posting
        assert isinstance(paid, RefundPaid)
        assert (paid.receipt, len(saga.rail.given)) == (None, 1)


async def test_a_merchant_that_is_short_waits_until_money_comes(
    temporal: WorkflowEnvironment,
) -> None:
    async with a_refund(temporal.client) as saga:
        saga.sagas.shorts = 2
        await saga.start()
        await saga.reaches("waiting_funds")
        assert saga.rail.given == []
        await saga.requests(why=FUNDS_CAME)
        await until(lambda: saga.sagas.shorts == 0, lambda: "it was not tried again")
        await saga.requests(why=FUNDS_CAME)
        assert await saga.ends() == "succeeded"
        assert saga.events.count("refund.waiting_funds") == 1


async def test_a_waiting_refund_tries_by_itself_too(temporal: WorkflowEnvironment) -> None:
    async with a_refund(temporal.client, a_plan(wait_scale=0.001)) as saga:
        saga.sagas.shorts = 3
        await saga.start()
        assert await saga.ends() == "succeeded"


async def test_a_waiting_refund_is_given_up(temporal: WorkflowEnvironment) -> None:
    async with a_refund(temporal.client) as saga:
        saga.sagas.shorts = 9
        await saga.start()
        await saga.reaches("waiting_funds")
        await saga.requests(cancel=True)
        assert await saga.ends() == "canceled"
        assert (saga.postings, saga.rail.given) == ([], [])
        assert saga.sagas.written[-1].actor == "shop"


async def test_a_refund_waits_for_its_float(temporal: WorkflowEnvironment) -> None:
    async with a_refund(temporal.client) as saga:
        saga.ground.gates = [Gate.SHORT]
        await saga.start()
        await saga.asked_for_float()
        assert saga.rail.given == []
        saga.ground.gates = [Gate.GRANTED]
        await saga.requests(why=FLOAT_CAME)
        assert await saga.ends() == "succeeded"


async def test_a_refund_waits_for_its_rail(temporal: WorkflowEnvironment) -> None:
    async with a_refund(temporal.client, a_plan(wait_scale=0.001)) as saga:
        saga.ground.turns = [False, False, True]
        await saga.start()
        assert await saga.ends() == "succeeded"
        assert [turn.operation for turn in saga.ground.left] == ["refund"]


async def test_what_is_set_aside_and_has_not_left_is_given_up_whole(
    temporal: WorkflowEnvironment,
) -> None:
    async with a_refund(temporal.client) as saga:
        saga.ground.gates = [Gate.SHORT]
        await saga.start()
        await saga.asked_for_float()
        await saga.requests(cancel=True)
        assert await saga.ends() == "canceled"
        assert saga.postings == ["refund_requested", "refund_refused"]
        assert (saga.rail.given, saga.spent) == ([], [False])


async def test_a_payout_to_the_payer_leaves_once_a_second_person_allowed_it(
    temporal: WorkflowEnvironment,
) -> None:
    async with a_refund(temporal.client, a_plan(Way.PAYOUT, approval=approval())) as saga:
        saga.rail.answers = [TAKEN]
        await saga.start()
        await saga.decides(ApprovalStanding.APPROVED)
        assert await saga.ends() == "succeeded"
        assert [(one.payee, one.amount) for one in saga.rail.paid] == [("254712000001", AMOUNT)]
        assert saga.rail.paid[0].result_url == f"https://kauri.test/{saga.plan.instruction}/in"
        assert [one.provider_reference for one in saga.rail.asked] == ["rf-1"]
        assert saga.rail.given == []


async def test_a_rejected_refund_moves_nothing(temporal: WorkflowEnvironment) -> None:
    async with a_refund(temporal.client, a_plan(Way.PAYOUT, approval=approval())) as saga:
        await saga.start()
        await saga.decides(ApprovalStanding.REJECTED)
        assert await saga.ends() == "canceled"
        assert (saga.postings, saga.rail.paid) == ([], [])
        assert saga.sagas.written[-1].shows["failure"] == "rejected"


async def test_an_approval_nobody_gives_expires(temporal: WorkflowEnvironment) -> None:
    async with a_refund(temporal.client, a_plan(Way.PAYOUT, approval=approval(life=0.2))) as saga:
        saga.ground.decided = ApprovalLook(standing=ApprovalStanding.EXPIRED)
        await saga.start()
        assert await saga.ends() == "canceled"
        assert saga.sagas.written[-1].shows["failure"] == "approval_expired"


async def test_whoever_asked_gives_it_up_before_it_is_allowed(
    temporal: WorkflowEnvironment,
) -> None:
    async with a_refund(temporal.client, a_plan(Way.PAYOUT, approval=approval())) as saga:
        await saga.start()
        await saga.requests(cancel=True)
        assert await saga.ends() == "canceled"


def _resolved(outcome: str) -> OperatorResolution:
    return OperatorResolution(
        actor="ann", approver="ben", reason="asked the provider", outcome=outcome,
        evidence="ticket 7", receipt="R9" if outcome == "succeeded" else None,
    )  # fmt: skip


async def test_a_word_said_once_ends_it_though_a_run_that_died_used_the_key(
    temporal: WorkflowEnvironment,
) -> None:
    async with a_refund(temporal.client) as saga:
        saga.rail.answers, saga.rail.told = [TAKEN], [LOST]
        saga.sagas.spent = {"failed"}
        await saga.start()
        await saga.reaches("processing", "unknown")
        await saga.says(REFUSED)
        assert await saga.ends() == "failed"
        assert saga.postings == ["refund_requested", "refund_refused"]


async def test_room_is_asked_for_locally_and_by_an_ordinary_activity_where_that_runs_out(
    temporal: WorkflowEnvironment,
) -> None:
    async with a_refund(temporal.client) as saga:
        await saga.start()
        assert (await saga.ends(), saga.ground.locals) == ("succeeded", [True])
    async with a_refund(temporal.client) as saga:
        saga.ground.locally_away = True
        await saga.start()
        assert (await saga.ends(), saga.ground.locals) == ("succeeded", [True, True, False])
        assert (len(saga.rail.given), saga.spent) == (1, [True])
