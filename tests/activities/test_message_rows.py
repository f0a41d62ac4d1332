"""What is kept of messages: reasons in sight, reports that move forward, nothing readable."""

from typing import Any

import pytest

from activities import message_rows
from activities.upkeep import Upkeep
from models.delivery import Page
from models.messages import MessageState
from providers.messaging import Rejected, Scope, Submitted
from providers.sms.reports import GATEWAY, DeliveryReport
from runtime.database import Database
from runtime.vault import Vault
from tests.activities.outbox import Outbox

STRANGER = Rejected(code="1001", scope=Scope.MESSAGE)


@pytest.fixture
def outbox(database: Database, vault: Vault, urls: Any) -> Outbox:
    return Outbox(database, vault, urls.admin)


async def test_a_notice_that_lacks_a_fact_fails_in_sight_and_is_not_sent(
    outbox: Outbox,
) -> None:
    await outbox.tell(facts={"amount": "KES 1.00"})
    state, code, body = outbox.row("state", "code", "body_sealed")
    assert (state, body) == ("failed", None)
    assert code == "loan_disbursed_client lacks receipt"
    assert await outbox.deliver() == Page()


async def test_a_number_from_a_spreadsheet_is_refused_and_not_repaired(outbox: Outbox) -> None:
    await outbox.tell(to_phone="2.54728E+11")
    assert outbox.row("state", "code") == ("failed", "not a number in E.164")


async def test_every_call_is_logged_without_text_or_address(outbox: Outbox) -> None:
    outbox.first.script = [STRANGER]
    await outbox.tell()
    await outbox.deliver()
    log = outbox.ask(
        "select gateway, outcome, code from message_attempts where org_id = %s order by id",
        outbox.org,
    )
    assert log == [("airtouch", "refused", "1001"), ("africastalking", "submitted", None)]


async def report(outbox: Outbox, named: str, state: MessageState) -> bool:
    told = DeliveryReport(gateway=GATEWAY, provider_ref=named, state=state)
    async with outbox.database.system() as connection:
        return await message_rows.report(connection, told)


async def test_reports_move_a_message_forward_only(outbox: Outbox) -> None:
    outbox.gateways = [outbox.second]
    outbox.second.script = [Submitted(provider_ref="ATX1")]
    await outbox.tell()
    await outbox.deliver()
    states = [MessageState.SUBMITTED, MessageState.DELIVERED, MessageState.FAILED]
    moved = [await report(outbox, "ATX1", state) for state in states]
    assert (moved, outbox.row("state")) == ([False, True, False], ("delivered",))
    assert not await report(outbox, "ATX-never-ours", MessageState.DELIVERED)


async def test_a_report_before_the_answer_counts_when_the_answer_comes(outbox: Outbox) -> None:
    outbox.gateways = [outbox.second]
    outbox.second.script = [Submitted(provider_ref="ATX2")]
    await outbox.tell()
    await report(outbox, "ATX2", MessageState.DELIVERED)
    await outbox.deliver()
    assert outbox.row("state") == ("delivered",)


async def test_nothing_readable_is_kept_of_whom_was_told_what(outbox: Outbox) -> None:
    await outbox.tell("otp")
    kept = str(outbox.ask("select * from messages where org_id = %s", outbox.org))
    assert "254700000001" not in kept
    assert "424242" not in kept
    assert "…001" in kept


async def test_texts_and_addresses_go_after_ninety_days_and_what_became_of_them_stays(
    outbox: Outbox,
) -> None:
    for days in (89, 91):
        await outbox.tell()
        await outbox.deliver()
        outbox.ask(
            "update messages set created_at = now() - make_interval(days => %s)"
            " where org_id = %s and created_at > now() - interval '1 hour'",
            days,
            outbox.org,
        )
    await Upkeep(outbox.database).purge()
    kept = outbox.rows("to_sealed = ''", "body_sealed is null", "state", "to_masked")
    assert kept == [(False, False, "submitted", "…001"), (True, True, "submitted", "…001")]
