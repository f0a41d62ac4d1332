"""Messages to merchants: signed, ordered per object, parked, given up, never lost."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from standardwebhooks import Webhook

from models import ids
from models.delivery import SCHEDULE, Answer, Page, new_secret
from runtime.database import Database
from runtime.vault import Vault
from tests.activities.shop import Shop

DOWN = Answer(error="could not connect", duration_ms=5)


@pytest.fixture
def shop(database: Database, vault: Vault, urls: Any) -> Shop:
    return Shop(database, vault, urls.admin)


async def test_a_message_verifies_with_the_standard_library_of_the_merchant(shop: Shop) -> None:
    endpoint, name = await shop.endpoint(), shop.event(ids.uuid7(), 1)
    shop.now = datetime.now(UTC)
    page = await shop.deliver(endpoint)
    url, headers, body = shop.courier.sent[0]
    message = Webhook(shop.secret).verify(body, dict(headers))
    assert page == Page(delivered=1, failed=0, more=False)
    assert (url, headers["webhook-id"]) == ("https://shop.example/hook", name)
    assert (message["type"], message["data"]["livemode"]) == ("payment.succeeded", False)
    assert (message["data"]["sequence"], message["data"]["api_version"]) == (1, "2026-11-01")
    assert message["data"]["org"] == ids.shown(ids.ORG, shop.org)


async def test_both_secrets_sign_while_a_rotation_overlaps_and_one_afterwards(shop: Shop) -> None:
    endpoint, older = await shop.endpoint(), new_secret()
    shop.ask(
        "update webhook_endpoints set previous_secret_sealed = %s, previous_secret_until = %s"
        " where id = %s",
        await shop.sealed(older),
        shop.now + timedelta(hours=24),
        endpoint,
    )
    shop.event(ids.uuid7(), 1)
    await shop.deliver(endpoint)
    shop.event(ids.uuid7(), 1)
    shop.now += timedelta(hours=25)
    await shop.deliver(endpoint)
    overlap, after = (headers["webhook-signature"].split() for _, headers, _ in shop.courier.sent)
    _, headers, body = shop.courier.sent[0]
    at = datetime.fromtimestamp(int(headers["webhook-timestamp"]), UTC)
    mine = [
        Webhook(key).sign(headers["webhook-id"], at, body.decode()) for key in (shop.secret, older)
    ]
    assert overlap == mine
    assert len(after) == 1


async def test_events_of_one_object_go_out_in_their_order(shop: Shop) -> None:
    endpoint, thing = await shop.endpoint(), ids.uuid7()
    for sequence in (1, 2, 3):
        shop.event(thing, sequence)
    pages = [await shop.deliver(endpoint) for _ in range(3)]
    assert shop.courier.told() == [(str(thing), 1), (str(thing), 2), (str(thing), 3)]
    assert [page.more for page in pages] == [True, True, False]


async def test_a_failing_message_parks_its_own_object_and_no_other(shop: Shop) -> None:
    endpoint, stuck, fine = await shop.endpoint(), ids.uuid7(), ids.uuid7()
    for sequence in (1, 2):
        shop.event(stuck, sequence)
        shop.event(fine, sequence)
    shop.courier.answers[str(stuck)] = DOWN
    first, second = await shop.deliver(endpoint), await shop.deliver(endpoint)
    assert (first.failed, first.more, second.more) == (1, True, False)
    assert sorted(shop.courier.told()) == sorted([(str(stuck), 1), (str(fine), 1), (str(fine), 2)])
    assert (await shop.deliver(endpoint)) == Page()


async def test_a_parked_message_goes_out_again_with_the_same_id_and_body(shop: Shop) -> None:
    endpoint, thing = await shop.endpoint(), ids.uuid7()
    name = shop.event(thing, 1)
    shop.courier.answers[str(thing)] = Answer(status=503)
    await shop.deliver(endpoint)
    shop.courier.answers.clear()
    shop.now += timedelta(seconds=5)
    page = await shop.deliver(endpoint)
    (_, one, first), (_, two, second) = shop.courier.sent
    assert (one["webhook-id"], two["webhook-id"], first) == (name, name, second)
    assert (page.delivered, shop.states(endpoint)) == (1, ["delivered"])


async def test_retry_after_is_honoured_and_a_redirect_is_a_failure(shop: Shop) -> None:
    endpoint, thing = await shop.endpoint(), ids.uuid7()
    shop.event(thing, 1)
    shop.courier.answers[str(thing)] = Answer(status=307, retry_after="3600")
    page = await shop.deliver(endpoint)
    [(tries, next_at)] = shop.ask(
        "select tries, next_at from deliveries where endpoint_id = %s", endpoint
    )
    assert (page.failed, tries, next_at) == (1, 1, shop.now + timedelta(hours=1))


async def test_410_disables_at_once_gives_up_what_waits_and_tells_the_others(shop: Shop) -> None:
    endpoint, other, thing = await shop.endpoint(), await shop.endpoint(), ids.uuid7()
    shop.event(thing, 1)
    shop.event(thing, 2)
    shop.courier.answers[str(thing)] = Answer(status=410)
    await shop.deliver(endpoint)
    [(state, reason)] = shop.ask(
        "select state, disabled_reason from webhook_endpoints where id = %s", endpoint
    )
    told = shop.ask("select type from events where object_id = %s", endpoint)
    waiting = shop.ask(
        "select e.type from deliveries d join events e on e.id = d.event_id"
        " where d.endpoint_id = %s and e.object_id = %s",
        other,
        endpoint,
    )
    assert (state, "410" in reason) == ("disabled", True)
    assert shop.states(endpoint) == ["exhausted", "exhausted"]
    assert told == waiting == [("webhook_endpoint.disabled",)]


async def test_the_last_try_is_about_75_hours_after_the_first_and_then_we_stop(shop: Shop) -> None:
    endpoint, thing = await shop.endpoint(), ids.uuid7()
    shop.event(thing, 1)
    shop.courier.answers[str(thing)] = DOWN
    started = shop.now
    for wait in SCHEDULE:
        shop.now += wait
        await shop.deliver(endpoint)
    assert len(shop.courier.sent) == 10
    assert timedelta(hours=75) < shop.now - started < timedelta(hours=76)
    assert shop.states(endpoint) == ["exhausted"]
    [(state,)] = shop.ask("select state from webhook_endpoints where id = %s", endpoint)
    assert state == "disabled"


async def test_five_days_without_a_success_disable_and_one_success_forgives(shop: Shop) -> None:
    endpoint, bad = await shop.endpoint(), ids.uuid7()
    shop.courier.answers[str(bad)] = DOWN
    shop.event(bad, 1)
    await shop.deliver(endpoint)
    shop.event(ids.uuid7(), 1)  # accepted while the bad one is parked
    states = []
    for wait in (timedelta(seconds=1), timedelta(days=4), timedelta(days=2), timedelta(days=3)):
        shop.now += wait
        await shop.deliver(endpoint)
        states += shop.ask(
            "select failing_since is null, state from webhook_endpoints where id = %s", endpoint
        )
    assert states == [
        (True, "enabled"),
        (False, "enabled"),
        (False, "enabled"),
        (False, "disabled"),
    ]
    [(reason,)] = shop.ask("select disabled_reason from webhook_endpoints where id = %s", endpoint)
    assert "five days" in reason


async def test_every_try_is_kept_with_its_answer(shop: Shop) -> None:
    endpoint, thing = await shop.endpoint(), ids.uuid7()
    shop.event(thing, 1)
    shop.courier.answers[str(thing)] = Answer(status=500, excerpt="oops", duration_ms=41)
    await shop.deliver(endpoint)
    kept = shop.ask(
        "select status, error, duration_ms, response_excerpt, org_id from delivery_attempts"
        " where endpoint_id = %s",
        endpoint,
    )
    assert kept == [(500, None, 41, "oops", shop.org)]


async def test_a_page_is_twenty_messages_and_ten_fly_at_once(shop: Shop) -> None:
    endpoint = await shop.endpoint()
    for _ in range(25):
        shop.event(ids.uuid7(), 1)
    page = await shop.deliver(endpoint)
    assert (page.delivered, page.more, shop.courier.most) == (20, True, 10)


async def test_only_wanted_types_and_test_events_addressed_to_it_reach_an_endpoint(
    shop: Shop,
) -> None:
    picky, other = await shop.endpoint("payment.succeeded"), await shop.endpoint()
    shop.event(ids.uuid7(), 1, "payment.created")
    shop.event(picky, 1, "webhook_endpoint.test")
    assert (len(shop.states(picky)), len(shop.states(other))) == (1, 1)
    await shop.deliver(picky)
    assert shop.courier.told() == [(str(picky), 1)]


async def test_an_object_too_large_for_a_webhook_is_named_only(shop: Shop) -> None:
    endpoint, thing = await shop.endpoint(), ids.uuid7()
    shop.event(thing, 1, note="x" * 30_000)
    await shop.deliver(endpoint)
    data = json.loads(shop.courier.sent[0][2])["data"]
    assert data["object"] == {"id": str(thing), "object": "payment"}
    assert data["truncated"] is True


async def test_a_disabled_or_deleted_endpoint_is_not_called(shop: Shop) -> None:
    disabled, deleted = await shop.endpoint(), await shop.endpoint()
    shop.event(ids.uuid7(), 1)
    shop.ask("update webhook_endpoints set state = 'disabled' where id = %s", disabled)
    shop.ask("update webhook_endpoints set deleted_at = now() where id = %s", deleted)
    assert [await shop.deliver(disabled), await shop.deliver(deleted)] == [Page(), Page()]
    assert shop.courier.sent == []
