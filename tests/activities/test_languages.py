"""Letters are written in the language the partner chose for whoever is told."""

from typing import Any

import pytest

from activities.addressing import Addressing
from activities.languages import choose, chosen
from activities.messages import sealed
from models.messages import Language, Languages, Notice
from models.templates import language_of
from models.wording import TO_CLIENTS, WORDING
from runtime.database import Database
from runtime.vault import Vault
from tests.activities.outbox import FACTS, Outbox
from tests.conftest import Urls

SWAHILI_AND_FRENCH = Languages(people=Language.SWAHILI, clients=Language.FRENCH)


@pytest.fixture
def outbox(database: Database, vault: Vault, urls: Urls) -> Outbox:
    return Outbox(database, vault, urls.admin)


async def told(outbox: Outbox, event: str, **changes: Any) -> tuple[str, str]:
    """The language and the words of one letter, as a step of a saga tells it."""
    known = {"to_phone": "254700000001", "facts": FACTS[event], "key": "ld_1/told", **changes}
    notice = Notice(event=event, **known)
    addressing = Addressing(outbox.vault)
    await addressing.ready(outbox.org, livemode=False)
    async with outbox.database.scoped(outbox.org, False) as connection:
        [letter] = await addressing.letters(
            connection, outbox.org, livemode=False, notices=[notice]
        )
    body = await outbox.vault.unseal(
        outbox.org, livemode=False, field="message_body", sealed=letter.copies[0].body_sealed or b""
    )
    return letter.language, body.decode()


async def test_without_a_choice_everything_is_english(outbox: Outbox) -> None:
    async with outbox.database.scoped(outbox.org, False) as connection:
        assert await chosen(connection) == Languages()
    language, said = await told(outbox, "loan_disbursed_client")
    assert (language, said.startswith("Your loan of")) == ("en", True)


async def test_clients_and_people_are_told_in_their_own_languages(outbox: Outbox) -> None:
    async with outbox.database.scoped(outbox.org, False) as connection:
        await choose(connection, SWAHILI_AND_FRENCH)
    client = await told(outbox, "loan_disbursed_client")
    people = await told(outbox, "wallet_low")
    assert (client[0], client[1][:8]) == ("fr", "Votre pr")
    assert (people[0], people[1][:9]) == ("sw", "Pochi yak")


async def test_the_other_mode_has_a_choice_of_its_own(outbox: Outbox) -> None:
    async with outbox.database.scoped(outbox.org, True) as connection:
        await choose(connection, SWAHILI_AND_FRENCH)
    assert (await told(outbox, "wallet_low"))[0] == "en"


async def test_a_notice_that_names_its_language_keeps_it(outbox: Outbox) -> None:
    notice = Notice(
        event="wallet_low",
        key="k",
        language=Language.ENGLISH,
        to_phone="254700000001",
        facts=FACTS["wallet_low"],
    )
    letter = await sealed(
        outbox.vault, outbox.org, livemode=False, notice=notice, languages=SWAHILI_AND_FRENCH
    )
    assert letter.language is Language.ENGLISH


def test_who_is_told_decides_and_every_client_event_has_words() -> None:
    assert set(WORDING) >= TO_CLIENTS
    spoken = {event: language_of(event, SWAHILI_AND_FRENCH) for event in WORDING}
    assert {event for event, language in spoken.items() if language is Language.FRENCH} == (
        TO_CLIENTS
    )
