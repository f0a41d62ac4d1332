"""Corrections hold at once, for every organisation, and no ported number is kept."""

import pytest

from activities import operators
from models.ids import PLATFORM_ORG
from runtime.database import Database
from runtime.vault import Vault
from tests.activities.outbox import Outbox
from tests.conftest import Urls

NUMBER = "254712345678"


@pytest.fixture
def outbox(database: Database, vault: Vault, urls: Urls) -> Outbox:
    return Outbox(database, vault, urls.admin)


async def rail(outbox: Outbox, msisdn: str = NUMBER) -> str | None:
    """What a merchant's payout would take."""
    async with outbox.database.scoped(outbox.org, False) as connection:
        return await operators.operator_for(connection, outbox.vault, msisdn, livemode=False)


async def test_a_corrected_prefix_holds_until_it_is_forgotten(outbox: Outbox) -> None:
    assert await rail(outbox) == "mpesa"
    async with outbox.database.scoped(PLATFORM_ORG, False) as connection:
        for prefix, to in (("254712", "airtel"), ("2547123", None)):
            await operators.correct_prefix(
                connection, prefix, to, livemode=False, by="op_1", why="moved"
            )
        shown = await operators.corrected_prefixes(connection)
    assert await rail(outbox) is None
    assert [(row["prefix"], row["set_by"]) for row in shown] == [
        ("254712", "op_1"),
        ("2547123", "op_1"),
    ]
    async with outbox.database.scoped(PLATFORM_ORG, False) as connection:
        assert await operators.forget_prefix(connection, "2547123")
    assert await rail(outbox) == "airtel"
    async with outbox.database.scoped(PLATFORM_ORG, False) as connection:
        assert await operators.forget_prefix(connection, "254712")
        assert not await operators.forget_prefix(connection, "254712")
    assert await rail(outbox) == "mpesa"


async def test_a_ported_number_keeps_no_prefix_and_is_not_readable(outbox: Outbox) -> None:
    named = await operators.number_lookup(outbox.vault, NUMBER, livemode=False)
    async with outbox.database.scoped(PLATFORM_ORG, False) as connection:
        await operators.correct_number(
            connection, named, "airtel", livemode=False, by="op_1", why="ported"
        )
        kept = await (await connection.execute("select * from ported_numbers")).fetchall()
    assert await rail(outbox) == "airtel"
    assert await rail(outbox, "254712345679") == "mpesa"
    assert NUMBER not in str(kept)
    async with outbox.database.scoped(PLATFORM_ORG, False) as connection:
        assert await operators.forget_number(connection, named)
    assert await rail(outbox) == "mpesa"


async def test_a_merchant_corrects_nothing(outbox: Outbox) -> None:
    async with outbox.database.scoped(outbox.org, False) as connection:
        assert not await operators.forget_prefix(connection, "254712")
        with pytest.raises(Exception, match="row-level security"):
            await operators.correct_prefix(
                connection, "254712", "airtel", livemode=False, by="shop", why="mine"
            )
