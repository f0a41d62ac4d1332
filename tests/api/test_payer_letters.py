"""Payers who asked for it are told once how it ended, with the number of their receipt."""

import asyncio
from typing import Any

import pytest

from activities.payer_letters import PayerLetters
from models import ids
from tests.api.page_world import Browser, Page, give_back, moved, session, settle

PHONE = "0712 000 001"
_MESSAGES = """
select event, channel, language, body_sealed from messages where org_id = %s
 order by created_at, event, channel"""


@pytest.fixture
def letters(world: Any) -> PayerLetters:
    return PayerLetters(world.parts.database, world.parts.vault, {"mpesa": "M-Pesa"})


async def told(world: Any) -> list[tuple[str, str, str, str]]:
    """Every message of the merchant, opened."""
    found = []
    for event, channel, language, body in world.sql(_MESSAGES, world.org):
        plain = await world.parts.vault.unseal(
            world.org, livemode=False, field="message_body", sealed=bytes(body)
        )
        found.append((event, channel, language, plain.decode()))
    return found


async def asked(world: Any, **fields: str) -> dict[str, Any]:
    """A session whose payer was asked and said where to be told."""
    made, browser, page = await session(world)
    sent: Page = await browser.send(page, 0, phone=PHONE, **fields)
    assert sent.heading == "Check your phone"
    return dict(made)


async def test_a_receipt_goes_to_phone_and_mailbox_once(world: Any, letters: PayerLetters) -> None:
    made = await asked(world, sms="yes", email="amina@shop.example")
    await letters.round()
    assert await told(world) == []
    settle(world, made)
    await asyncio.gather(*[letters.round() for _ in range(4)])
    await letters.round()
    (mail, sms) = await told(world)
    assert (mail[:3], sms[:3]) == (
        ("payment_receipt", "email", "en"),
        ("payment_receipt", "sms", "en"),
    )
    assert sms[3] == ("You paid KES 1,250.00 to Acme. Receipt 000001, M-Pesa SBX1. Fee KES 0.00.")


async def test_nobody_is_written_to_who_did_not_ask(world: Any, letters: PayerLetters) -> None:
    made = await asked(world)
    settle(world, made)
    await letters.round()
    assert await told(world) == []
    assert world.count("payer_contacts") == 0


async def test_a_payer_who_paid_nothing_is_told_that_when_the_session_ends(
    world: Any, letters: PayerLetters
) -> None:
    made = await asked(world, sms="yes")
    moved(world, made, "failed", "requires_payment_method")
    await letters.round()
    assert await told(world) == []  # the page still offers another try
    moved(world, made, "failed", "canceled")
    await letters.round()
    [(event, channel, _language, said)] = await told(world)
    assert (event, channel) == ("payment_failed", "sms")
    assert "No money was taken." in said


async def test_the_last_form_says_where_and_in_which_language(
    world: Any, letters: PayerLetters
) -> None:
    made = await asked(world, sms="yes")
    moved(world, made, "failed", "requires_payment_method")
    browser = Browser(world, language="fr")
    page = await browser.open(made["url"])
    await browser.send(page, 0, phone=PHONE, email="a@shop.example")
    settle(world, made)
    await letters.round()
    [(_event, channel, language, said)] = await told(world)
    assert (channel, language) == ("email", "fr")
    assert "Vous avez pay" in said


async def test_what_is_given_back_is_told_once_with_a_number_of_its_own(
    world: Any, letters: PayerLetters
) -> None:
    made = await asked(world, sms="yes")
    payment = settle(world, made)
    await letters.round()
    give_back(world, payment, 25_000, "REV1")
    await letters.round()
    give_back(world, payment, 100_000, "REV2")
    await letters.round()
    assert await letters.round() == 0
    said = [text for event, _, _, text in await told(world) if event == "refund_receipt"]
    assert said == [
        "Acme gave you back KES 250.00. Receipt 000002, M-Pesa REV1.",
        "Acme gave you back KES 1,000.00. Receipt 000003, M-Pesa REV2.",
    ]
    page = await Browser(world).open(f"{made['url']}/receipt")
    for told_there in ("Refund 000002", "KES 250.00", "M-Pesa · REV1", "Refund 000003"):
        assert told_there in page.text


async def test_one_that_cannot_be_told_holds_up_nobody(world: Any, letters: PayerLetters) -> None:
    broken, fine = await asked(world, sms="yes"), await asked(world, sms="yes")
    world.sql(
        "update payer_contacts set phone_sealed = 'x' where checkout_id = %s",
        ids.parsed(ids.CHECKOUT, broken["id"]),
    )
    for made in (broken, fine):
        settle(world, made)
    await letters.round()
    assert [event for event, *_ in await told(world)] == ["payment_receipt"]
    assert world.sql("select count(*) from payer_contacts where told_at is null") == [(1,)]


async def test_addresses_are_sealed(world: Any) -> None:
    await asked(world, sms="yes", email="amina@shop.example")
    [(phone, email)] = world.sql(
        "select phone_sealed, email_sealed from payer_contacts where org_id = %s", world.org
    )
    assert b"254712000001" not in bytes(phone)
    assert b"amina" not in bytes(email)
