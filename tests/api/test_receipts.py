"""Receipts: one per payment or refund, numbered without gaps, however many ask at once."""

import asyncio
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest

from activities import merchants, receipts
from models import ids
from models.messages import Language
from models.money import Money
from models.receipt import Merchant, Receipt, receipt_notice
from models.templates import rendered
from tests.api.page_world import settle

CONFIRM = {"method": "mpesa", "payer": {"phone": "+254700000001"}}


async def paid(world: Any) -> UUID:
    """A payment that succeeded."""
    return settle(world, await world.created(confirm=CONFIRM))


async def receipt_of(world: Any, payment: UUID) -> Receipt | None:
    async with world.parts.database.scoped(world.org, False) as connection:
        return await receipts.of_payment(connection, payment)


async def lost(world: Any, payment: UUID) -> None:
    """A worker that dies after the number was taken."""
    async with world.parts.database.scoped(world.org, False) as connection:
        await receipts.of_payment(connection, payment)
        raise ConnectionError


async def test_a_payment_has_one_number_however_many_ask_at_once(world: Any) -> None:
    first, second = await paid(world), await paid(world)
    asked = [receipt_of(world, payment) for payment in (first, second) * 8]
    told = await asyncio.gather(*asked)
    numbers = {(one.about, one.number) for one in told if one}
    assert sorted(number for _, number in numbers) == [1, 2]
    assert {one.amount for one in told if one} == {Money(125_000, "KES")}
    assert {one.rail_receipt for one in told if one} == {"SBX1"}


async def test_a_transaction_that_fails_leaves_no_gap(world: Any) -> None:
    payment = await paid(world)
    with pytest.raises(ConnectionError):
        await lost(world, payment)
    told = await receipt_of(world, payment)
    assert told is not None
    assert told.shown == "000001"


async def test_what_is_not_paid_has_no_receipt(world: Any) -> None:
    made = await world.created(confirm=CONFIRM)
    assert await receipt_of(world, ids.parsed(ids.PAYMENT, made["payment"]["id"])) is None
    assert world.count("receipts") == 0


async def test_a_refund_has_a_number_of_its_own(world: Any) -> None:
    payment, refund = await paid(world), ids.uuid7()
    await receipt_of(world, payment)
    async with world.parts.database.scoped(world.org, False) as connection:
        for _ in range(2):
            told = await receipts.of_refund(
                connection,
                refund_id=refund,
                payment_id=payment,
                amount=Money(5_000, "KES"),
                rail="mpesa",
                rail_receipt="REV1",
                at=datetime.now(UTC),
            )
    assert (told.kind, told.number, told.rail_receipt) == ("refund", 2, "REV1")


async def test_the_payer_is_told_the_number_the_fee_and_whom_to_complain_to(world: Any) -> None:
    payment = await paid(world)
    async with world.parts.database.scoped(world.org, False) as connection:
        await merchants.keep(connection, Merchant(name="Duka", complaint_phone="0711 000 111"))
        who = await merchants.merchant(connection)
        told = await receipts.of_payment(connection, payment)
    assert told is not None
    notice = receipt_notice(
        told, who, rail="M-Pesa", to_phone="254700000001", language=Language.FRENCH
    )
    said = rendered(notice).sms
    assert "KES 1,250.00 à Duka. Recu 000001, M-Pesa SBX1. Frais KES 0.00." in said
    assert "0711 000 111" in said
    assert "254700000001" not in repr(notice)
