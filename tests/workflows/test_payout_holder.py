"""Who holds the payee's wallet is asked before any money; who is somebody else may stop it."""

import pytest
from temporalio.testing import WorkflowEnvironment

from models.payout_calls import HolderLook
from models.payout_order import NameCheck
from tests.workflows.payout_harness import a_payout


async def test_the_holder_is_asked_once_beside_the_other_steps(
    temporal: WorkflowEnvironment,
) -> None:
    async with a_payout(temporal.client) as saga:
        await saga.start()
        assert await saga.ends() == "paid"
        assert saga.ground.holder_asked == [True]


async def test_a_holder_not_told_at_once_is_asked_with_patience(
    temporal: WorkflowEnvironment,
) -> None:
    async with a_payout(temporal.client) as saga:
        saga.ground.holder_silences = 2
        await saga.start()
        assert await saga.ends() == "paid"
        assert saga.ground.holder_asked == [True, False, False]
        assert saga.sagas.written[0].shows["holder_matches"] is True


async def test_a_question_about_the_holder_that_is_lost_stops_no_payout(
    temporal: WorkflowEnvironment,
) -> None:
    async with a_payout(temporal.client) as saga:
        saga.ground.holder_silences = 99
        await saga.start()
        assert await saga.ends() == "paid"
        assert saga.ground.holder_asked == [True, False, False, False]
        assert all("holder_matches" not in step.shows for step in saga.sagas.written)


@pytest.mark.parametrize(
    ("look", "check", "why"),
    [
        (HolderLook(active=False), NameCheck.SHOW, "payee_not_active"),
        (HolderLook(active=True, within_limits=False), NameCheck.SHOW, "payee_limit_exceeded"),
        (HolderLook(active=True, matches=False), NameCheck.REFUSE, "name_mismatch"),
    ],
)
async def test_the_wrong_holder_stops_it_before_any_money(
    temporal: WorkflowEnvironment, look: HolderLook, check: NameCheck, why: str
) -> None:
    async with a_payout(temporal.client, name_check=check) as saga:
        saga.ground.holder_look = look
        await saga.start()
        assert await saga.ends() == "failed"
        assert (saga.failure, saga.postings, saga.wallet.sent) == (why, [], [])


async def test_another_name_is_shown_and_does_not_stop_it_by_default(
    temporal: WorkflowEnvironment,
) -> None:
    async with a_payout(temporal.client) as saga:
        saga.ground.holder_look = HolderLook(active=True, named=True, matches=False)
        await saga.start()
        assert await saga.ends() == "paid"
        assert saga.sagas.written[0].shows == {"holder_active": True, "holder_matches": False}


async def test_another_name_is_decided_by_a_second_person_where_the_policy_asks(
    temporal: WorkflowEnvironment,
) -> None:
    async with a_payout(temporal.client, name_check=NameCheck.ASK) as saga:
        saga.ground.holder_look = HolderLook(active=True, named=True, matches=False)
        await saga.start()
        await saga.reaches("requires_approval")
        await saga.approves()
        assert await saga.ends() == "paid"
        assert [terms.maker for terms in saga.ground.asked_for] == ["clerk"]
