"""Messages on their way: the next gateway, the breaker, doubts, codes that are erased."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from activities import message_rows
from activities.gateway_health import PATIENCE, REST
from models.delivery import Page
from providers.messaging import Rejected, Scope, Submitted, Unknown
from runtime.database import Database
from runtime.vault import Vault
from tests.activities.outbox import Outbox

MINUTE = timedelta(minutes=1)
SILENT = Unknown(code="no_answer")
BUSY = Rejected(code="unreachable", scope=Scope.MOMENT)
POOR = Rejected(code="1004", scope=Scope.GATEWAY)
STRANGER = Rejected(code="1001", scope=Scope.MESSAGE)
NOBODY = Rejected(code="1003", scope=Scope.ADDRESS)


@pytest.fixture
def outbox(database: Database, vault: Vault, urls: Any) -> Outbox:
    return Outbox(database, vault, urls.admin)


async def test_a_message_goes_by_the_preferred_gateway_and_says_so(outbox: Outbox) -> None:
    await outbox.tell()
    page = await outbox.deliver()
    (sent,) = outbox.first.sent
    state = outbox.row("state", "gateway", "provider_ref", "segments", "tries")
    assert (page, outbox.second.sent) == (Page(delivered=1), [])
    assert (sent.to, "SBX1" in sent.text, sent.sender) == ("254700000001", True, None)
    assert state == ("submitted", "airtouch", f"R{sent.id}", 1, 1)


async def test_a_notice_told_twice_is_one_message(outbox: Outbox) -> None:
    for _ in range(2):
        await outbox.tell(key="ld_1/settled")
    assert len(outbox.rows("id")) == 1


async def test_a_notice_for_phone_and_mailbox_goes_both_ways_at_once(outbox: Outbox) -> None:
    await outbox.tell("otp", to_email="amina@umoja.example")
    await outbox.deliver()
    (mail,), (text,) = outbox.mail.sent, outbox.first.sent
    assert (mail.to, mail.subject) == ("amina@umoja.example", "Your confirmation code")
    assert "424242" in mail.text
    assert "424242" in text.text


async def test_codes_go_before_receipts(outbox: Outbox) -> None:
    for _ in range(message_rows.PAGE):
        await outbox.tell()
    await outbox.tell("otp")
    page = await outbox.deliver()
    assert (page.delivered, page.more) == (message_rows.PAGE, True)
    assert any("424242" in sent.text for sent in outbox.first.sent)


@pytest.mark.parametrize("refusal", [POOR, STRANGER, BUSY])
async def test_what_one_gateway_refuses_goes_by_the_next_at_once(
    outbox: Outbox, refusal: Rejected
) -> None:
    outbox.first.script = [refusal]
    await outbox.tell()
    await outbox.deliver()
    assert outbox.row("state", "gateway", "tries") == ("submitted", "africastalking", 1)


async def test_a_wrong_number_is_tried_nowhere_else(outbox: Outbox) -> None:
    outbox.first.script = [NOBODY]
    await outbox.tell()
    await outbox.deliver()
    assert (outbox.row("state", "code"), outbox.second.sent) == (("failed", "1003"), [])


async def test_a_gateway_without_money_rests_ten_minutes_and_one_message_tries_it(
    outbox: Outbox,
) -> None:
    outbox.first.script = [POOR, POOR]
    for _ in range(3):
        await outbox.tell()
        await outbox.deliver()
    assert (len(outbox.first.sent), len(outbox.second.sent)) == (1, 3)
    for _ in range(3):
        await outbox.tell()
    await outbox.deliver(REST)
    assert (len(outbox.first.sent), len(outbox.second.sent)) == (2, 6)
    for _ in range(3):
        await outbox.tell()
    await outbox.deliver(REST)
    await outbox.tell()
    await outbox.deliver()
    assert len(outbox.first.sent) >= 4
    assert outbox.ask("select troubles, open_until from gateway_health") == [(0, None)]


async def test_five_troubles_in_a_row_open_the_breaker_and_one_answer_forgives_four(
    outbox: Outbox,
) -> None:
    outbox.first.script = [*[BUSY] * (PATIENCE - 1), Submitted(), *[BUSY] * PATIENCE]
    for _ in range(2 * PATIENCE):
        await outbox.tell()
        await outbox.deliver()
    assert outbox.ask("select troubles from gateway_health") == [(PATIENCE,)]
    await outbox.tell()
    await outbox.deliver()
    assert len(outbox.first.sent) == 2 * PATIENCE


async def test_a_receipt_that_may_have_gone_goes_once_more_by_the_next_gateway_and_is_left(
    outbox: Outbox,
) -> None:
    outbox.first.script, outbox.second.script = [SILENT], [SILENT]
    await outbox.tell()
    await outbox.deliver()
    assert outbox.row("state", "doubts") == ("queued", 1)
    assert await outbox.deliver(MINUTE / 2) == Page()
    await outbox.deliver(MINUTE)
    assert outbox.row("state", "code", "doubts") == ("unknown", "no_answer", 2)
    await outbox.deliver(timedelta(hours=2))
    assert (len(outbox.first.sent), len(outbox.second.sent)) == (1, 1)


async def test_a_dead_gateway_keeps_no_receipt_from_the_next(outbox: Outbox) -> None:
    outbox.first.script = [SILENT] * 9
    await outbox.tell()
    await outbox.deliver()
    await outbox.deliver(MINUTE)
    assert outbox.row("state", "gateway", "doubts") == ("submitted", "africastalking", 1)


async def test_a_code_that_may_have_gone_goes_by_the_next_gateway_at_once(
    outbox: Outbox,
) -> None:
    outbox.first.script = [SILENT]
    await outbox.tell("otp")
    await outbox.deliver()
    (one,), (two,) = outbox.first.sent, outbox.second.sent
    assert one.text == two.text
    assert outbox.row("state", "gateway") == ("submitted", "africastalking")


async def test_a_code_is_sent_twice_at_most(outbox: Outbox) -> None:
    outbox.first.script, outbox.second.script = [SILENT], [SILENT]
    await outbox.tell("otp")
    await outbox.deliver()
    await outbox.deliver(MINUTE)
    assert outbox.row("state", "doubts", "body_sealed") == ("unknown", 2, None)
    assert len(outbox.first.sent + outbox.second.sent) == 2


async def test_a_code_is_erased_once_it_is_gone_and_a_receipt_stays(outbox: Outbox) -> None:
    await outbox.tell("otp")
    await outbox.tell()
    await outbox.deliver()
    assert outbox.rows("class", "body_sealed is null") == [("otp", True), ("receipt", False)]


async def test_a_code_too_late_is_erased_and_never_sent(outbox: Outbox) -> None:
    await outbox.tell("otp")
    await outbox.deliver(timedelta(minutes=6))
    assert outbox.row("state", "body_sealed") == ("expired", None)
    assert outbox.first.sent == []


async def test_what_nobody_takes_comes_again_after_one_five_and_thirty_minutes(
    outbox: Outbox,
) -> None:
    outbox.first.script = outbox.second.script = [STRANGER] * 8
    await outbox.tell()
    for minutes in (0, 1, 5, 30):
        assert await outbox.deliver(minutes * MINUTE) == Page(failed=1)
        assert await outbox.deliver(MINUTE / 2) == Page()
        outbox.now -= MINUTE / 2
    assert outbox.row("state", "code", "tries") == ("failed", "1001", 4)


async def test_with_every_gateway_resting_a_message_waits_without_losing_a_try(
    outbox: Outbox,
) -> None:
    outbox.first.script, outbox.second.script = [POOR], [POOR]
    await outbox.tell()
    await outbox.deliver()
    await outbox.tell()
    await outbox.deliver(MINUTE / 2)
    assert outbox.rows("tries", "code")[1] == (0, "no_gateway_open")
    await outbox.deliver(REST)
    assert [state for (state,) in outbox.rows("state")] == ["submitted", "submitted"]


async def test_a_message_a_worker_died_with_may_have_gone(outbox: Outbox) -> None:
    outbox.first.script = [asyncio.CancelledError()]
    await outbox.tell()
    with pytest.raises(asyncio.CancelledError):
        await outbox.deliver()
    assert outbox.row("state") == ("sending",)
    assert await outbox.deliver(MINUTE / 2) == Page()
    await outbox.deliver(MINUTE)
    assert outbox.row("state", "code", "doubts") == ("queued", "worker_lost", 1)
    await outbox.deliver(MINUTE)
    assert outbox.row("state", "gateway") == ("submitted", "africastalking")


async def test_a_dead_worker_is_missed_sooner_where_waits_are_short_but_no_slow_call_is(
    outbox: Outbox,
) -> None:
    outbox.wait_scale = 0.05
    outbox.first.script = [asyncio.CancelledError()]
    await outbox.tell()
    with pytest.raises(asyncio.CancelledError):
        await outbox.deliver()
    assert await outbox.deliver(timedelta(seconds=9)) == Page()
    await outbox.deliver(timedelta(seconds=2))
    assert outbox.row("state", "code") == ("queued", "worker_lost")


async def test_two_workers_with_one_message_send_it_once(outbox: Outbox) -> None:
    await outbox.tell()
    await asyncio.gather(*[outbox.deliver() for _ in range(4)])
    assert len(outbox.first.sent) + len(outbox.second.sent) == 1


async def test_a_partner_s_messages_carry_its_own_name_and_nobody_else_s(
    outbox: Outbox, database: Database, vault: Vault, urls: Any
) -> None:
    other = Outbox(database, vault, urls.admin)
    outbox.ask(
        "insert into message_senders (org_id, livemode, gateway, sender)"
        " values (%s, false, 'airtouch', 'UMOJA')",
        outbox.org,
    )
    outbox.first.script = [Submitted(), STRANGER]
    for one in (outbox, outbox, other):
        await one.tell()
        await one.deliver()
    assert [sent.sender for sent in outbox.first.sent] == ["UMOJA", "UMOJA"]
    assert [sent.sender for sent in outbox.second.sent + other.first.sent] == [None, None]


async def test_no_gateway_at_all_ends_in_expiry_and_no_error(outbox: Outbox) -> None:
    outbox.gateways = []
    await outbox.tell()
    assert await outbox.deliver() == Page(failed=1)
    await outbox.deliver(timedelta(hours=25))
    assert outbox.row("state", "code", "tries") == ("expired", "too_late", 0)
