"""M-Pesa's addresses take messages from listed sources only, where a list is set."""

from typing import Any

import httpx
import pytest
from starlette.types import ASGIApp

from api.app import create_app
from api.sources import SLUGS, Sources
from models import ids
from runtime.settings import Settings

SAFARICOM, STRANGER, PROXY = "196.201.214.200", "203.0.113.9", "10.0.0.7"


def guarded(world: Any, **settings: Any) -> ASGIApp:
    """The whole application, with a list of its own."""
    named = {"mpesa_callback_sources": "published", **settings}
    app = Sources(world.app, settings=Settings(env="test", **named))

    async def served(scope: Any, receive: Any, send: Any) -> None:
        scope["app"] = world.app
        await app(scope, receive, send)

    return served


async def told(
    app: ASGIApp, path: str, peer: str = STRANGER, *forwarded: str
) -> tuple[int, str | None]:
    """One message from a peer; its status, and the code of its problem."""
    transport = httpx.ASGITransport(app, client=(peer, 40_000))
    headers = [("x-forwarded-for", value) for value in forwarded]
    async with httpx.AsyncClient(transport=transport, base_url="http://kauri") as http:
        answer = await http.post(path, content=b"{}", headers=headers)
    return answer.status_code, answer.json().get("code")


def path(world: Any, slug: str = "ke2") -> str:
    """A path with a tag of ours, of an instruction that is not there."""
    owner = ids.instruction_id("ld_x", "mpesa_b2c", 1)
    return ids.callback_path(owner, slug, world.parts.settings.callback_secret)


SLUGS_OF_MPESA = [f"ke{number}" for number in range(1, 11)]


@pytest.mark.parametrize("slug", SLUGS_OF_MPESA)
async def test_a_stranger_with_the_secret_path_is_refused_at_every_address_of_mpesa(
    world: Any, slug: str
) -> None:
    app = guarded(world)
    assert await told(app, path(world, slug)) == (403, "source_refused")
    assert (await told(app, path(world, slug), SAFARICOM))[1] != "source_refused"
    assert world.count("inbox") == 0


def test_the_addresses_of_mpesa_are_its_slugs() -> None:
    assert set(SLUGS_OF_MPESA) == SLUGS


async def test_refusals_are_counted(world: Any) -> None:
    await told(guarded(world), path(world, "ke8"))
    page = (await world.http.get("/metrics")).text
    assert 'kauri_callbacks_refused_total{slug="ke8"} 1.0' in page


@pytest.mark.parametrize("slug", ["mf1", "sm1", "kb1", "mo1"])
async def test_other_systems_are_called_from_anywhere(world: Any, slug: str) -> None:
    assert (await told(guarded(world), path(world, slug)))[1] != "source_refused"


async def test_without_a_list_everybody_may_call(world: Any) -> None:
    app = guarded(world, mpesa_callback_sources="")
    assert await told(app, path(world)) == (404, "not_found")


async def test_blocks_and_addresses_may_be_listed_beside_what_is_published(world: Any) -> None:
    app = guarded(world, mpesa_callback_sources="203.0.113.0/24, published")
    assert await told(app, path(world), STRANGER) == (404, "not_found")
    assert await told(app, path(world), f"::ffff:{SAFARICOM}") == (404, "not_found")
    assert await told(app, path(world), "198.51.100.1") == (403, "source_refused")


@pytest.mark.parametrize(
    ("peer", "forwarded", "status"),
    [
        (PROXY, (SAFARICOM,), 404),
        (PROXY, (f"{STRANGER}, {SAFARICOM}, 10.0.0.8",), 404),
        (PROXY, (STRANGER, SAFARICOM), 404),
        (PROXY, (f"{SAFARICOM}, {STRANGER}",), 403),
        (PROXY, ("no address",), 403),
        (PROXY, (), 403),
        (STRANGER, (SAFARICOM,), 403),
        ("not an address", (SAFARICOM,), 403),
    ],
)
async def test_only_our_own_proxies_are_believed_about_who_called(
    world: Any, peer: str, forwarded: tuple[str, ...], status: int
) -> None:
    app = guarded(world, trusted_proxies="10.0.0.0/24")
    assert (await told(app, path(world), peer, *forwarded))[0] == status


async def test_the_served_application_minds_its_settings(world: Any) -> None:
    async def wire(_settings: Settings) -> Any:
        return world.parts

    app = create_app(Settings(env="test", mpesa_callback_sources="published"), wire)
    app.state.parts = world.parts
    assert await told(app, path(world)) == (403, "source_refused")
    assert await told(app, path(world), SAFARICOM) == (404, "not_found")


@pytest.mark.parametrize(
    "wrong", [{"mpesa_callback_sources": "safaricom"}, {"trusted_proxies": "10.0.0.7/24"}]
)
def test_a_list_that_cannot_be_read_stops_the_boot(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"does not appear to be|has host bits set"):
        Settings(env="test", **wrong)
