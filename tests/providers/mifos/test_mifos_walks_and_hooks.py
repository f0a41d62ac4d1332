"""Our client goes through a lender's loans while they change, and registers its hooks."""

import pytest

from models.reading import Verdict
from providers.mifos.client import MifosClient
from providers.mifos.hooks import read_hint
from tests.simulators.lenders import Lender

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest.mark.parametrize("version", ["1.10.1", "1.8.4"])
async def test_a_walk_misses_none_while_loans_are_paid_out(
    lender: Lender, client: MifosClient, version: str
) -> None:
    await lender.turn(version=version)
    ids = await lender.new_loans(count=30)
    seen: list[int] = []
    async for page in client.approved_loans(limit=4):
        for loan in page:
            seen.append(loan.id)
            await lender.disburse(loan.id)
    assert seen == ids


async def test_a_hook_is_registered_told_and_understood(
    lender: Lender, client: MifosClient
) -> None:
    lender.world.listener.heard.clear()
    made = await client.create_hook(
        f"{lender.world.listener_url}/in/mf1/a.b",
        name="kauri",
        events=(("LOAN", "APPROVE"), ("LOAN", "REPAYMENT")),
    )
    assert (made.verdict, made.provider_reference) == (None, "1")
    (hook,) = await client.hooks()
    assert hook.url.endswith("/in/mf1/a.b/")
    assert hook.events == (("LOAN", "APPROVE"), ("LOAN", "REPAYMENT"))
    key = await lender.new_loan()
    heard = await lender.world.listener.hear("/in/mf1/a.b/", 2)
    hint = read_hint(heard[1].raw)
    assert hint
    assert (hint.entity, hint.action, hint.loan_id, hint.failed) == ("LOAN", "APPROVE", key, False)


async def test_a_hook_whose_address_is_dead_is_refused(lender: Lender, client: MifosClient) -> None:
    made = await client.create_hook("http://127.0.0.1:1/x", name="kauri", events=(("LOAN", "A"),))
    assert (made.verdict, made.provider_code) == (
        Verdict.REFUSED,
        "validation.msg.hook.url.invalid",
    )
