"""Bank notices: believed when proven, stored once, answered in the bank's own words."""

import json
from typing import Any

import httpx
import pytest
from pydantic import SecretStr

from models import ids
from models.ids import PLATFORM_ORG
from providers.ncba.hashes import XML_ORDER, made
from providers.ncba.settings import NcbaSettings

SENT = {
    "User": "bank",
    "Password": "right",
    "TransType": "CREDIT",
    "TransID": "FT26325ABC",
    "TransTime": "2611210905",
    "TransAmount": "1500.00",
    "AccountNr": "77445",
    "Narrative": "KTABCDEFGH",
    "PhoneNr": "254712000001",
    "CustomerName": "JANE D",
    "Status": "SUCCESS",
}


@pytest.fixture
def bank(world: Any) -> httpx.AsyncClient:
    """The bank, calling an application that knows how it proves itself."""
    settings = NcbaSettings(
        pool_account="77445",
        notice_user="bank",
        notice_password=SecretStr("right"),
        notice_secret=SecretStr("salt"),
    )
    object.__setattr__(world.parts, "bank", settings)
    return world.client()  # type: ignore[no-any-return] # httpx's client


def xml(**changes: str) -> str:
    values = {**SENT, **changes}
    fields = {**values, "HashVal": changes.get("HashVal") or made("salt", values, XML_ORDER)}
    body = "".join(f"<{name}>{value}</{name}>" for name, value in fields.items())
    return (
        '<soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/">'
        f"<soapenv:Header/><soapenv:Body><NCBAPaymentNotificationRequest>{body}"
        "</NCBAPaymentNotificationRequest></soapenv:Body></soapenv:Envelope>"
    )


def path(world: Any, slug: str = "kb2") -> str:
    owner = ids.shown(ids.ORG, PLATFORM_ORG)
    return ids.callback_path(owner, slug, world.parts.settings.callback_secret)


def stored(world: Any) -> int:
    return len(world.sql("select 1 from inbox where slug in ('kb2', 'kb3')"))


async def test_a_proven_notice_is_stored_and_answered_ok(
    world: Any, bank: httpx.AsyncClient
) -> None:
    before = stored(world)
    answer = await bank.post(path(world), content=xml())
    assert (answer.status_code, "<Result>OK</Result>" in answer.text) == (200, True)
    assert stored(world) == before + 1


async def test_the_same_notice_again_is_a_duplicate_and_stored_once(
    world: Any, bank: httpx.AsyncClient
) -> None:
    await bank.post(path(world), content=xml(TransID="FT2"))
    kept = stored(world)
    again = await bank.post(path(world), content=xml(TransID="FT2"))
    assert "OK: Duplicate Notification" in again.text
    assert stored(world) == kept


async def test_letters_moved_between_fields_make_no_second_notice(
    world: Any, bank: httpx.AsyncClient
) -> None:
    told = xml(TransID="FT3")
    moved = told.replace(">CREDIT<", ">CREDITF<").replace(">FT3<", ">T3<")
    await bank.post(path(world), content=told)
    kept = stored(world)
    again = await bank.post(path(world), content=moved)
    assert "OK: Duplicate Notification" in again.text
    assert stored(world) == kept


@pytest.mark.parametrize(
    "changes", [{"Password": "wrong"}, {"HashVal": "x" * 88}, {"User": "somebody"}]
)
async def test_a_notice_that_is_not_proven_is_sent_back(
    world: Any, bank: httpx.AsyncClient, changes: dict[str, str]
) -> None:
    before = stored(world)
    answer = await bank.post(path(world), content=xml(**changes))
    assert (answer.status_code, "FAIL" in answer.text) == (200, True)
    assert stored(world) == before


async def test_a_path_without_our_tag_is_refused_before_anything_is_read(
    bank: httpx.AsyncClient,
) -> None:
    answer = await bank.post(f"/in/kb2/{PLATFORM_ORG.hex}.{'0' * 32}", content=xml())
    assert answer.status_code == 401


async def test_an_unproven_pay_bill_notice_is_answered_one(
    world: Any, bank: httpx.AsyncClient
) -> None:
    answer = await bank.post(path(world, "kb3"), content=json.dumps({"TransID": "R1"}))
    assert answer.json()["ResultCode"] == "1"
