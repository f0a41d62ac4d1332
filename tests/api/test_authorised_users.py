"""Authorised users over HTTP: sealed, masked, one person per number."""

from typing import Any

import pytest

from models import ids
from tests.api.partner_world import USER, Partner

PATH = "/v1/authorised_users"


@pytest.fixture
def partner(world: Any) -> Partner:
    return Partner(world)


async def made(partner: Partner, **changes: Any) -> dict[str, Any]:
    answer = await partner.http.post(PATH, json={**USER, **changes})
    assert answer.status_code == 201, answer.text
    shown: dict[str, Any] = answer.json()
    return shown


async def test_a_user_is_shown_masked_and_kept_sealed(partner: Partner) -> None:
    shown = await made(partner)
    assert (shown["phone"], shown["email"]) == ("+2547…837", "a…@sacco.example")
    rows = str(partner.world.sql("select * from authorised_users where org_id = %s", partner.org))
    assert "254711902837" not in rows
    assert "amina.otieno" not in rows
    ((sealed,),) = partner.world.sql(
        "select phone_sealed from authorised_users where org_id = %s", partner.org
    )
    opened = await partner.world.parts.vault.unseal(
        partner.org, livemode=False, field="user_phone", sealed=sealed
    )
    assert opened == b"254711902837"


@pytest.mark.parametrize("phone", ["+254711902837", "254 711 902837", "0711-902-837"])
async def test_one_number_in_any_spelling_is_one_person(partner: Partner, phone: str) -> None:
    await made(partner)
    again = await partner.http.post(PATH, json={**USER, "phone": phone})
    assert (again.status_code, again.json()["code"]) == (409, "authorised_user_exists")


@pytest.mark.parametrize(
    ("wrong", "pointer"),
    [
        ({"phone": "12345"}, "/phone"),
        ({"phone": "+237670000001"}, "/phone"),
        ({"email": "amina"}, "/email"),
        ({"email": "a@b\n.example"}, "/email"),
        ({"name": ""}, "/name"),
        ({"role": "boss"}, "/role"),
    ],
)
async def test_a_wrong_field_is_named(
    partner: Partner, wrong: dict[str, str], pointer: str
) -> None:
    answer = await partner.http.post(PATH, json={**USER, **wrong})
    assert (answer.status_code, answer.json()["param"]) == (400, pointer)


async def test_a_user_is_changed_and_an_old_version_changes_nothing(partner: Partner) -> None:
    user = await made(partner)
    path = f"{PATH}/{user['id']}"
    tag = (await partner.http.get(path)).headers["etag"]
    changed = await partner.http.patch(path, json={"active": False}, headers={"if-match": tag})
    late = await partner.http.patch(path, json={"name": "B"}, headers={"if-match": tag})
    assert (changed.json()["active"], changed.json()["name"]) == (False, USER["name"])
    assert (late.status_code, late.json()["code"]) == (412, "changed_meanwhile")


async def test_a_number_is_not_taken_over_by_a_change(partner: Partner) -> None:
    await made(partner)
    other = await made(partner, phone="0722 000 001")
    answer = await partner.http.patch(f"{PATH}/{other['id']}", json={"phone": USER["phone"]})
    assert answer.json()["code"] == "authorised_user_exists"


async def test_a_deleted_user_is_erased_and_the_number_is_free(partner: Partner) -> None:
    user = await made(partner)
    gone = await partner.http.delete(f"{PATH}/{user['id']}")
    again = await partner.http.delete(f"{PATH}/{user['id']}")
    assert (gone.status_code, again.status_code) == (204, 404)
    kept = partner.world.sql(
        "select name, phone_sealed, email_sealed, phone_masked from authorised_users"
        " where id = %s", ids.parsed(ids.USER, user["id"]),
    )  # fmt: skip
    assert kept == [("", b"", b"", "")]
    assert (await made(partner))["id"] != user["id"]


async def test_users_are_listed_page_by_page(partner: Partner) -> None:
    made_ids = [(await made(partner, phone=f"072200000{n}"))["id"] for n in range(3)]
    first = (await partner.http.get(f"{PATH}?limit=2")).json()
    rest = (await partner.http.get(f"{PATH}?starting_after={first['next_cursor']}")).json()
    assert [user["id"] for user in first["data"] + rest["data"]] == made_ids[::-1]
    assert (first["has_more"], rest["has_more"]) == (True, False)
